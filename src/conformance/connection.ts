import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** How a connection to the API comes about, without a request. Null: that far it did not get. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  /** Addresses of the name; the code of the failure where it has none. */
  readonly addresses: readonly string[] | { readonly failure: string };
  readonly tcp: { readonly connectMs: number } | { readonly failure: string } | null;
  /** Null without https, too. */
  readonly tls: Handshake | { readonly failure: string } | null;
}

export interface Handshake {
  readonly protocol: string;
  readonly cipher: string;
  /** Null: trusted. Else the code of OpenSSL or Node. */
  readonly distrust: string | null;
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: Date;
  /** Certificates that the server sent or that were found for it, its own included. */
  readonly chainLength: number;
}

export interface Trust {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Looks the name up, connects, shakes hands and hangs up. Never throws for what the network does. */
export async function probeConnection(url: URL, trust: Trust, timeoutMs: number): Promise<Connection> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isHttps = url.protocol === 'https:';
  const port = Number(url.port || (isHttps ? 443 : 80));
  const addresses = await addressesOf(host);
  if ('failure' in addresses) return { host, port, addresses, tcp: null, tls: null };
  const tcp = await timeConnect(host, port, timeoutMs);
  if ('failure' in tcp || !isHttps) return { host, port, addresses, tcp, tls: null };
  return { host, port, addresses, tcp, tls: await shakeHands(host, port, trust, timeoutMs) };
}

async function addressesOf(host: string): Promise<readonly string[] | { readonly failure: string }> {
  if (isIP(host) !== 0) return [host];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    return { failure: codeOf(error) };
  }
}

async function timeConnect(host: string, port: number, timeoutMs: number) {
  const startedAt = performance.now();
  try {
    const socket = connectTcp({ host, port });
    await opened(socket, 'connect', timeoutMs);
    socket.destroy();
    return { connectMs: performance.now() - startedAt };
  } catch (error) {
    return { failure: codeOf(error) };
  }
}

async function shakeHands(host: string, port: number, trust: Trust, timeoutMs: number) {
  try {
    // Distrusted, the connection is kept all the same: a report that says what is wrong needs the certificate.
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connectTls({ host, port, ...servername, ...trust, rejectUnauthorized: false });
    await opened(socket, 'secureConnect', timeoutMs);
    const handshake = readHandshake(socket);
    socket.destroy();
    return handshake;
  } catch (error) {
    return { failure: codeOf(error) };
  }
}

function readHandshake(socket: TLSSocket): Handshake {
  const certificate = socket.getPeerCertificate(true);
  // The typings say Error; it is the code of one.
  const distrust = socket.authorized ? null : String(socket.authorizationError);
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    distrust,
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validTo: new Date(certificate.valid_to),
    chainLength: chainLengthOf(certificate),
  };
}

function nameOf(name: { readonly CN?: string | string[]; readonly O?: string | string[] } | undefined): string {
  const said = name?.CN ?? name?.O ?? 'no name';
  return Array.isArray(said) ? said.join(', ') : said;
}

function chainLengthOf(certificate: DetailedPeerCertificate): number {
  const seen = new Set<string>();
  for (
    let next: DetailedPeerCertificate | undefined = certificate;
    next?.fingerprint256 !== undefined && !seen.has(next.fingerprint256);
    next = next.issuerCertificate
  ) {
    seen.add(next.fingerprint256);
  }
  return seen.size;
}

function opened(socket: Socket, event: 'connect' | 'secureConnect', timeoutMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(event, () => resolve());
  socket.once('error', reject);
  socket.setTimeout(timeoutMs, () => {
    socket.destroy();
    reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
  });
  return promise;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
