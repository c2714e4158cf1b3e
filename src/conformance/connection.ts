import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { onceTaken } from '../adapters/leads-api/confirmed-connector.ts';
import { hostOf, openTunnel, portOf } from './tunnel.ts';

type Failed = { readonly failure: string };

/** How a connection to the API comes about, without a request. Null: that far it did not get. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  /** Null: none is configured. */
  readonly proxy: Proxy | null;
  /** Addresses of the name; the code of the failure where it has none. Null too: a proxy looks it up. */
  readonly addresses: readonly string[] | Failed | null;
  /** To the API, or through a proxy that answered CONNECT with 200. */
  readonly tcp: { readonly connectMs: number } | Failed | null;
  /** Null without https, too. */
  readonly tls: Handshake | Failed | null;
}

export interface Proxy {
  readonly host: string;
  readonly port: number;
  readonly reached: { readonly connectMs: number } | Failed;
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

export interface ProbeOptions {
  readonly trust: Trust;
  /** With user and password where the proxy wants them. Null: none. */
  readonly proxy: string | null;
  readonly timeoutMs: number;
}

/** A server that takes us sends a session ticket at once, as a rule. */
const refusalMs = 1_000;

/** Looks the name up, connects, shakes hands and hangs up. Never throws for what the network does. */
export async function probeConnection(url: URL, { trust, proxy, timeoutMs }: ProbeOptions): Promise<Connection> {
  const target = { host: hostOf(url), port: portOf(url) };
  const isHttps = url.protocol === 'https:';
  if (proxy !== null) return probeThrough(new URL(proxy), { ...target, isHttps }, trust, timeoutMs);
  const begun = { ...target, proxy: null, tls: null };
  const addresses = await addressesOf(target.host);
  if ('failure' in addresses) return { ...begun, addresses, tcp: null };
  const tcp = await timeConnect(target.host, target.port, timeoutMs);
  if ('failure' in tcp || !isHttps) return { ...begun, addresses, tcp };
  return { ...begun, addresses, tcp, tls: await shakeHands(target, trust, timeoutMs) };
}

async function probeThrough(
  proxy: URL,
  { host, port, isHttps }: { readonly host: string; readonly port: number; readonly isHttps: boolean },
  trust: Trust,
  timeoutMs: number,
): Promise<Connection> {
  const from = performance.now();
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const tunnel = await openTunnel({ proxy, target, timeoutMs, ...(trust.ca === undefined ? {} : { ca: trust.ca }) });
  const { connectMs, httpStatus, socket } = tunnel;
  const failure = tunnel.failure ?? 'unknown';
  const reached = connectMs === null ? { failure } : { connectMs };
  const begun = {
    host,
    port,
    proxy: { host: hostOf(proxy), port: portOf(proxy), reached },
    addresses: null,
    tls: null,
  };
  if (connectMs === null) return { ...begun, tcp: null };
  if (socket === null) {
    const answer =
      httpStatus === null ? `no answer to CONNECT (${failure})` : `CONNECT was answered with ${httpStatus}`;
    return { ...begun, tcp: { failure: answer } };
  }
  const tcp = { connectMs: performance.now() - from };
  const tls = isHttps ? await shakeHands({ host, port, socket }, trust, timeoutMs) : null;
  socket.destroy();
  return { ...begun, tcp, tls };
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

/** Over a connection of its own, or through the tunnel that `socket` is. */
async function shakeHands(
  { host, ...way }: { readonly host: string; readonly port: number; readonly socket?: Socket },
  trust: Trust,
  timeoutMs: number,
) {
  try {
    // Distrusted, the connection is kept all the same: a report that says what is wrong needs the certificate.
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connectTls({ host, ...way, ...servername, ...trust, rejectUnauthorized: false });
    await opened(socket, 'secureConnect', timeoutMs);
    const handshake = readHandshake(socket);
    // By now it may have refused our certificate, or asked for one in vain.
    if (handshake.protocol === 'TLSv1.3') await taken(socket, Math.min(refusalMs, timeoutMs));
    socket.destroy();
    return handshake;
  } catch (error) {
    return { failure: codeOf(error) };
  }
}

function taken(socket: TLSSocket, patienceMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  onceTaken(socket, patienceMs, (refusal) => (refusal === null ? resolve() : reject(refusal)));
  return promise;
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
