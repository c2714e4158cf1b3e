import { buildConnector, Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { Evidence } from '../../domain/call-outcome.ts';
import { checkedTls } from './checked-tls.ts';
import { confirmed } from './confirmed-connector.ts';
import { createTrace, evidence } from './evidence.ts';
import type { Trace } from './evidence.ts';
import { createProxyPool, ProxyRefused } from './proxy.ts';
import { maxBodyBytes, readBody } from './read-body.ts';
import { readRetryAfter } from './retry-after.ts';

export interface TransportOptions {
  /** Scheme, host and port; a path is ignored. */
  readonly url: string;
  readonly connections: number;
  /** One deadline for a whole call: waiting for a connection, connecting, writing, the answer to its end. */
  readonly timeoutMs: number;
  /** PEM. The authorities to trust instead of Node's own. */
  readonly ca?: string;
  /** PEM, with `key`: our certificate, where the server asks for one. */
  readonly cert?: string;
  readonly key?: string;
  /** The HTTP proxy to go through, with user and password where it wants them. Defaults to none. */
  readonly proxy?: string | null;
}

export interface Sending {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Asked in the same tick as the socket write. */
  readonly maySend: () => boolean;
  readonly signal: AbortSignal;
}

/** How a request ended, with nothing judged. */
export interface Exchange {
  readonly evidence: Evidence;
  readonly withheld: boolean;
  /** The server's or the proxy's certificate was not trusted, or ours by the server, and nothing was written. */
  readonly certificate: boolean;
  /** The answer bears the mark of our own sandbox. */
  readonly fromSandbox: boolean;
  /** Of a request never written: by which the proxy refused to open a tunnel. */
  readonly httpStatus: number | null;
  readonly retryAfterMs: number | null;
  /** Parsed JSON; undefined for a body that is none or was not read to its end. */
  readonly body: unknown;
}

export interface Transport {
  /** Sends a request once. Nothing is retried, no redirect is followed, nothing that the network does throws. */
  send(sending: Sending): Promise<Exchange>;
  /** Waits for what is under way; each call's own deadline bounds it. May be called again. */
  close(): Promise<void>;
}

export function createTransport(options: TransportOptions): Transport {
  const pool = createPool(options);
  const observed = pool.compose(evidence);
  const origin = new URL(options.url).origin;
  let closed: Promise<void> | null = null;
  return {
    send: (sending) => send(observed, origin, sending),
    close: () => (closed ??= pool.close()),
  };
}

function createPool({ url, connections, timeoutMs, ca, cert, key, proxy }: TransportOptions): Dispatcher {
  const connectTimeoutMs = Math.min(3_000, timeoutMs);
  const tls = {
    ...checkedTls,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  const limits = {
    // HTTP/2, undici's default over TLS, may send a refused POST a second time by itself.
    allowH2: false,
    pipelining: 1,
    connections,
    // Short, so that we rarely write into a connection that the server is just closing: each one is a row in doubt.
    keepAliveTimeout: 2_000,
    keepAliveMaxTimeout: 2_000,
    headersTimeout: timeoutMs,
    bodyTimeout: Math.min(5_000, timeoutMs),
    maxResponseSize: maxBodyBytes,
  };
  if (typeof proxy === 'string') {
    const toProxy = { url: proxy, connectTimeoutMs, ...(ca === undefined ? {} : { ca }) };
    return createProxyPool(toProxy, limits, tls);
  }
  const connect = buildConnector({ timeout: connectTimeoutMs, ...tls, allowH2: false });
  return new Pool(new URL(url).origin, { ...limits, connect: confirmed(connect) });
}

async function send(dispatcher: Dispatcher, origin: string, sending: Sending): Promise<Exchange> {
  const { method, path, headers, body, maySend, signal } = sending;
  const trace = createTrace(maySend, signal);
  try {
    const request = dispatcher.request({ origin, method, path, headers, body, signal, opaque: trace });
    const response = await Promise.race([request, abortedBeforeWritten(trace)]);
    // Before anything is judged: a status in the head counts even where the body never comes to its end.
    const json = await readBody(response.body, textOf(response.headers['content-encoding']));
    return {
      evidence: trace.reached,
      withheld: false,
      certificate: false,
      fromSandbox: response.headers['x-leads-sandbox'] !== undefined,
      httpStatus: response.statusCode,
      retryAfterMs: readRetryAfter(
        textOf(response.headers['retry-after']),
        textOf(response.headers['date']),
        Date.now(),
      ),
      body: json,
    };
  } catch (error) {
    const unsent = trace.reached === 'never_written';
    return {
      evidence: trace.reached,
      withheld: trace.withheld,
      certificate: unsent && isCertificateFault(error),
      fromSandbox: false,
      httpStatus: unsent && error instanceof ProxyRefused ? error.httpStatus : null,
      retryAfterMs: null,
      body: undefined,
    };
  }
}

/**
 * undici tells an aborted request in its queue only when its turn comes. It will never be written (see evidence.ts), so
 * there is nothing to wait for. Once it may have been written, undici itself reports the abort.
 */
function abortedBeforeWritten(trace: Trace): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const { signal } = trace;
  const onAbort = () => {
    if (trace.reached === 'never_written') reject(signal.reason);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return promise;
}

function textOf(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/**
 * Names a certificate that OpenSSL or Node didn't trust, or the alert of a server that doesn't trust ours. Only asked where
 * nothing was written: the verdict never rests on it.
 */
function isCertificateFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  // undici wraps the fault of a proxy's certificate.
  const isFault =
    /CERT|ALERT_UNKNOWN_CA|ALERT_ACCESS_DENIED|UNABLE_TO_VERIFY|UNABLE_TO_GET|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)/.test(
      code,
    );
  return isFault || isCertificateFault(error.cause);
}
