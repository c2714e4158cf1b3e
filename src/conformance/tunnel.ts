import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { checkedTls } from '../adapters/leads-api/checked-tls.ts';

/** How far we got with a proxy, without a request to the API. */
export interface Tunnel {
  /** Null: the proxy was not reached. TLS with an https:// proxy included. */
  readonly connectMs: number | null;
  /** What the proxy answered to CONNECT. Null: nothing, or nothing that is HTTP. */
  readonly httpStatus: number | null;
  /** A code, where it ended before that answer. */
  readonly failure: string | null;
  /** Open, where the answer was 200: the caller's to close. */
  readonly socket: Socket | null;
}

export interface TunnelOptions {
  /** With user and password where the proxy wants them. */
  readonly proxy: URL;
  /** `host:port` of the API. */
  readonly target: string;
  /** PEM. Defaults to the authorities that Node trusts. */
  readonly ca?: string;
  readonly timeoutMs: number;
}

/** Asks a proxy for one tunnel, in the words that leadsync's own calls use. Never throws for what the network does. */
export function openTunnel({ proxy, target, ca, timeoutMs }: TunnelOptions): Promise<Tunnel> {
  const { promise, resolve } = Promise.withResolvers<Tunnel>();
  const isTls = proxy.protocol === 'https:';
  const startedAt = performance.now();
  let connectMs: number | null = null;
  const request = (isTls ? requestHttps : requestHttp)({
    host: hostOf(proxy),
    port: portOf(proxy),
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...credentialsOf(proxy) },
    agent: false,
    ...(isTls ? checkedTls : {}),
    signal: AbortSignal.timeout(timeoutMs),
    ...(ca === undefined ? {} : { ca }),
  });
  request.once('socket', (socket) => {
    socket.once(isTls ? 'secureConnect' : 'connect', () => (connectMs = performance.now() - startedAt));
  });
  request.once('connect', ({ statusCode }, socket) => {
    const httpStatus = statusCode ?? null;
    socket.on('error', () => {});
    if (httpStatus === 200) return resolve({ connectMs, httpStatus, failure: null, socket });
    socket.destroy();
    resolve({ connectMs, httpStatus, failure: null, socket: null });
  });
  // Stays: what is destroyed may still report something.
  request.on('error', (error: NodeJS.ErrnoException) => {
    const failure = error.name === 'AbortError' ? 'ETIMEDOUT' : (error.code ?? error.name);
    resolve({ connectMs, httpStatus: null, failure, socket: null });
  });
  request.end();
  return promise;
}

/** Without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

function credentialsOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
