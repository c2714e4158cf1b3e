import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { checkedTls } from '../adapters/leads-api/checked-tls.ts';
import { createTrace, evidence } from '../adapters/leads-api/evidence.ts';
import { createProxyPool, ProxyRefused } from '../adapters/leads-api/proxy.ts';
import type { ProxyOptions } from '../adapters/leads-api/proxy.ts';
import { maxBodyBytes, readBody } from '../adapters/leads-api/read-body.ts';
import type { Evidence } from '../domain/call-outcome.ts';
import type { Trust } from './connection.ts';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What came back, as it came. */
export interface RawAnswer {
  readonly evidence: Evidence;
  readonly httpStatus: number | null;
  /** Lower-case names; several of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, undefined for anything else. */
  readonly body: unknown;
  readonly text: string;
  readonly latencyMs: number;
  /** A code such as ECONNRESET or TimeoutError where the answer is missing or cut off, or the proxy's refusal. */
  readonly failure: string | null;
}

export interface Wire {
  /** Sends once; nothing is retried, no redirect followed. Never throws for what the network does. */
  send(request: Request): Promise<RawAnswer>;
  /** Connections that were opened so far. */
  connections(): number;
  close(): Promise<void>;
}

/**
 * One connection at a time, as leadsync's own transport has it but for two things: answers come with their headers and
 * their text, and an idle connection is kept, so that it shows whether the server keeps it too. Through `proxy`, where
 * there is one, by the same tunnels as leadsync's own calls.
 */
export function createWire(origin: string, trust: Trust, timeoutMs: number, proxy: string | null): Wire {
  let connections = 0;
  const opened = () => (connections += 1);
  const limits = {
    allowH2: false,
    pipelining: 1,
    connections: 1,
    keepAliveTimeout: 30_000,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxBodyBytes,
  };
  const pool =
    proxy === null
      ? new Pool(origin, { ...limits, connect: { timeout: timeoutMs, ...checkedTls, ...trust } }).on('connect', opened)
      : createProxyPool(toProxy(proxy, trust, timeoutMs, opened), limits, { ...checkedTls, ...trust });
  const observed = pool.compose(evidence);
  return {
    send: (request) => send(observed, origin, request, timeoutMs),
    connections: () => connections,
    close: () => pool.close(),
  };
}

function toProxy(url: string, { ca }: Trust, connectTimeoutMs: number, onTunnel: () => void): ProxyOptions {
  return { url, connectTimeoutMs, onTunnel, ...(ca === undefined ? {} : { ca }) };
}

async function send(dispatcher: Dispatcher, origin: string, request: Request, timeoutMs: number): Promise<RawAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const trace = createTrace(() => true, signal);
  const startedAt = performance.now();
  let head: Pick<RawAnswer, 'httpStatus' | 'headers'> = { httpStatus: null, headers: {} };
  let rest: Pick<RawAnswer, 'body' | 'text' | 'failure'>;
  try {
    const response = await dispatcher.request({ origin, ...request, signal, opaque: trace });
    head = { httpStatus: response.statusCode, headers: joined(response.headers) };
    const bytes = await response.body.bytes();
    rest = {
      body: await readBody({ bytes: async () => bytes }),
      text: new TextDecoder().decode(bytes),
      failure: null,
    };
  } catch (error) {
    rest = { body: undefined, text: '', failure: codeOf(error) };
  }
  return { evidence: trace.reached, ...head, ...rest, latencyMs: performance.now() - startedAt };
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof ProxyRefused) return error.message;
  // Our own deadline and undici's end at the same moment: whichever is first, it is the same news.
  if ('code' in error && /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(String(error.code))) return 'TimeoutError';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
