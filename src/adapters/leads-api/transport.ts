import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { Evidence } from '../../domain/call-outcome.ts';
import { createTrace, evidence } from './evidence.ts';
import type { Trace } from './evidence.ts';
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
  /** The server's certificate was not trusted. */
  readonly certificate: boolean;
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
  const { ca, cert, key, timeoutMs } = options;
  const pool = new Pool(new URL(options.url).origin, {
    // HTTP/2, undici's default over TLS, may send a refused POST a second time by itself.
    allowH2: false,
    pipelining: 1,
    connections: options.connections,
    // Short, so that we rarely write into a connection that the server is just closing: each one is a row in doubt.
    keepAliveTimeout: 2_000,
    keepAliveMaxTimeout: 2_000,
    headersTimeout: timeoutMs,
    bodyTimeout: Math.min(5_000, timeoutMs),
    maxResponseSize: maxBodyBytes,
    connect: {
      timeout: Math.min(3_000, timeoutMs),
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
  });
  const observed = pool.compose(evidence);
  let closed: Promise<void> | null = null;
  return {
    send: (sending) => send(observed, sending),
    close: () => (closed ??= pool.close()),
  };
}

async function send(dispatcher: Dispatcher, sending: Sending): Promise<Exchange> {
  const { method, path, headers, body, maySend, signal } = sending;
  const trace = createTrace(maySend, signal);
  try {
    const request = dispatcher.request({ method, path, headers, body, signal, opaque: trace });
    const response = await Promise.race([request, abortedBeforeWritten(trace)]);
    // Before anything is judged: a status in the head counts even where the body never comes to its end.
    const json = await readBody(response.body);
    return {
      evidence: trace.reached,
      withheld: false,
      certificate: false,
      httpStatus: response.statusCode,
      retryAfterMs: readRetryAfter(
        textOf(response.headers['retry-after']),
        textOf(response.headers['date']),
        Date.now(),
      ),
      body: json,
    };
  } catch (error) {
    return {
      evidence: trace.reached,
      withheld: trace.withheld,
      certificate: trace.reached === 'never_written' && isCertificateFault(error),
      httpStatus: null,
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

/** Names a certificate that OpenSSL or Node didn't trust. Only asked where nothing was written: the verdict never rests on it. */
function isCertificateFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)/.test(code);
}
