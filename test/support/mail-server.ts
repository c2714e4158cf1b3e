import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { selfSigned } from '../adapters/leads-api/self-signed.ts';

export interface ReceivedMail {
  readonly user: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came. */
  readonly text: string;
  readonly isEncrypted: boolean;
}

export interface MailServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** From now on every mail is answered so. Null: it is taken. */
  refuse(status: number | null): void;
  /** Resolves when so many mails have come. */
  seen(mails: number): Promise<void>;
  close(): Promise<void>;
}

export const mailLogin = { user: 'leadsync', password: 'only for tests' } as const;

/** A mail server that takes mails from who logs in, behind `tls` or, by default, STARTTLS. */
export async function startMailServer({
  encryption = 'starttls',
}: { readonly encryption?: 'tls' | 'starttls' | 'none' } = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const news = new EventEmitter();
  let refusal: number | null = null;
  const server = new SMTPServer({
    ...selfSigned,
    secure: encryption === 'tls',
    ...(encryption === 'none' ? { disabledCommands: ['STARTTLS'], allowInsecureAuth: true } : {}),
    onAuth({ username, password }, _session, callback) {
      const isRight = username === mailLogin.user && password === mailLogin.password;
      callback(isRight ? null : new Error('no'), isRight ? { user: mailLogin.user } : undefined);
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refusal !== null) return callback(Object.assign(new Error('not now'), { responseCode: refusal }));
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          user: String(session.user),
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
          isEncrypted: session.secure,
        });
        news.emit('mail');
        callback();
      });
    },
  });
  // A client that does not trust the certificate hangs up, which is no fault of the server's.
  server.on('error', () => undefined);
  const listening = once(server.server, 'listening');
  server.listen(0, '127.0.0.1');
  await listening;
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuse: (status) => void (refusal = status),
    async seen(count) {
      while (mails.length < count) await once(news, 'mail');
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
