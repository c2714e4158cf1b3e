import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import type { DeliveryCode, DeliveryOutcome } from '../../domain/delivery.ts';

export interface SmtpSender {
  /** Sends a message once. What the mail server does is an outcome. */
  send(mail: Mail): Promise<DeliveryOutcome>;
  close(): void;
}

export interface Mail {
  /** The same at every try, so that a mail server or a reader can tell a repetition. */
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
}

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte. `starttls`: before anything is said. `none`: in clear, to this machine alone. */
  readonly encryption: 'tls' | 'starttls' | 'none';
  readonly login: { readonly user: string; readonly password: string } | null;
  /** PEM. The authorities to trust instead of Node's own. */
  readonly ca: string | null;
  readonly from: string;
  /** Of silence. */
  readonly timeoutMs: number;
  /** To the end of a message: a server that says a little now and then is never silent. */
  readonly deadlineMs: number;
}

export function createSmtpSender(options: SmtpOptions): SmtpSender {
  const { host, port, encryption, login, ca, from, timeoutMs, deadlineMs } = options;
  const transport = createTransport({
    host,
    port,
    secure: encryption === 'tls',
    // A server that offers no STARTTLS, or somebody between who takes the offer away, gets nothing.
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca === null ? {} : { ca }) },
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    getSocket(_options, callback) {
      const connection = connect({ host, port, signal: AbortSignal.timeout(deadlineMs) });
      connection.once('error', callback);
      connection.once('connect', () => {
        connection.off('error', callback);
        callback(null, { connection });
      });
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ id, to, subject, text, at }) {
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          date: at,
          messageId: `<${id}>`,
          // Machines that answer for people on holiday leave it alone.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { kind: 'delivered' };
      } catch (error) {
        return { kind: 'failed', code: codeOf(error), httpStatus: null, retryAfterMs: null };
      }
    },
    close: () => transport.close(),
  };
}

/** Our own word for it: the text of an error repeats what the server said, which may be anything. */
function codeOf(error: unknown): DeliveryCode {
  if (!(error instanceof Error)) return 'DELIVERY_UNREACHABLE';
  const code = 'code' in error ? String(error.code) : '';
  const status = 'responseCode' in error ? Number(error.responseCode) : 0;
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'DELIVERY_LOGIN_REFUSED';
  if (code === 'ETLS' || /CERT|UNABLE_TO|HOSTNAME|SELF_SIGNED|ERR_TLS|EPROTO/.test(code)) return 'DELIVERY_CERTIFICATE';
  if (status >= 500) return 'DELIVERY_REFUSED';
  if (status >= 400) return 'DELIVERY_RECEIVER_FAILED';
  // nodemailer calls a certificate that is not trusted an error of the socket.
  if (code === 'ESOCKET' && /certificate|altnames/i.test(error.message)) return 'DELIVERY_CERTIFICATE';
  return 'DELIVERY_UNREACHABLE';
}
