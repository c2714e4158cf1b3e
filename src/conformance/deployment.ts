import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createAuthenticator } from '../adapters/leads-api/authentication.ts';
import type { Authentication, Credentials } from '../adapters/leads-api/authentication.ts';
import { buildRequest } from '../adapters/leads-api/build-request.ts';
import type { BodyFormat, EndpointAddress } from '../adapters/leads-api/build-request.ts';
import type { TokenFailure } from '../adapters/leads-api/oauth2-token.ts';
import { readRetryAfter } from '../adapters/leads-api/retry-after.ts';
import type { JsonObject, LeadsContract } from '../contract/leads-contract.ts';
import { classifyCall } from '../domain/classify-call.ts';
import type { Endpoint } from '../domain/call-outcome.ts';
import type { Check } from './check.ts';
import { probeConnection } from './connection.ts';
import type { Connection, Trust } from './connection.ts';
import type { Exchange } from './exchange.ts';
import { leadIdOf } from './exchange.ts';
import type { Subject } from './subject.ts';
import { createWire } from './wire.ts';
import type { RawAnswer } from './wire.ts';

export interface DeploymentOptions {
  /** A path in it comes before every endpoint's own. */
  readonly url: string;
  readonly environment: 'sandbox' | 'test' | 'production';
  readonly contract: LeadsContract;
  readonly endpoints: Readonly<Record<Endpoint, EndpointAddress>>;
  readonly auth: Authentication;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodyFormat;
  readonly timeoutMs: number;
  /** 0: no limit. */
  readonly ratePerSecond: number;
  readonly concurrency: number;
  readonly userAgent: string;
  readonly tls: Trust;
  /** The HTTP proxy that every call, token requests too, goes through. Null: none. */
  readonly proxy: string | null;
  readonly subject: Subject;
  /**
   * Told before each wait for an API that asks to come back later, with its header as it came; a wait is cut to 30 s.
   * Defaults to silence.
   */
  readonly onWait?: (wait: { readonly retryAfter: string | null; readonly waitMs: number }) => void;
}

export interface Sending {
  /** Null: without the header. Defaults to one that was never used before. */
  readonly idempotencyKey?: string | null;
  /** Defaults to true. */
  readonly withCredentials?: boolean;
  /** Instead of the endpoint's own path. */
  readonly path?: string;
  /** The NIF or leadId that the answer has to be about. Defaults to none. */
  readonly about?: string;
}

/** An API under examination: what checks ask, and everything that it has answered so far. */
export interface Deployment {
  readonly options: DeploymentOptions;
  /** In the order of the calls. */
  readonly exchanges: readonly Exchange[];
  /** Every leadId that an alta lead was answered with, once each, in order. */
  leadIds(): readonly string[];
  /** The last call of a check. Null: it made none. */
  lastOf(check: string): Exchange | null;
  /** Looked up once. */
  connection(): Promise<Connection>;
  credentials(): Promise<Credentials | TokenFailure>;
  /**
   * One call, when the rate allows it. An answer that asks to come back later is waited for and asked again, three times
   * in a whole run; these repeats do not count as calls of the check. Throws when the check has made all its calls.
   */
  send(endpoint: Endpoint, fields: JsonObject, sending?: Sending): Promise<Exchange>;
  /** The check on whose account calls go from now on. */
  begin(check: Pick<Check, 'name' | 'calls'>): void;
  connections(): number;
  /** The answers that asked to come back later. */
  readonly delays: readonly RawAnswer[];
  close(): Promise<void>;
}

const repeatsOfARun = 3;
const longestWaitMs = 30_000;

export function openDeployment(options: DeploymentOptions): Deployment {
  const { contract, timeoutMs, tls, proxy } = options;
  const url = new URL(options.url);
  const wire = createWire(url.origin, tls, timeoutMs, proxy);
  const authenticator = createAuthenticator(options.auth, { timeoutMs, proxy, ...tls });
  const waitForTurn = createPace(options.ratePerSecond);
  const exchanges: Exchange[] = [];
  let current = { name: '', callsLeft: 0 };
  let repeatsLeft = repeatsOfARun;
  const delays: RawAnswer[] = [];
  let connection: Promise<Connection> | null = null;

  async function exchangeOnce(endpoint: Endpoint, fields: JsonObject, sending: Sending) {
    const { withCredentials = true, path, idempotencyKey = `leadsync-doctor-${randomUUID()}` } = sending;
    const address = path === undefined ? options.endpoints[endpoint] : { ...options.endpoints[endpoint], path };
    const built = buildRequest(url.pathname, address, fields, options.body);
    const credentials = withCredentials ? await authenticator.credentials(AbortSignal.timeout(timeoutMs)) : null;
    if (credentials?.kind === 'failed') return { raw: withoutToken, retryAfterMs: null };
    await waitForTurn();
    const raw = await wire.send({
      method: built.method,
      path: built.path,
      body: built.body,
      headers: {
        accept: 'application/json',
        ...lowerCased(options.headers),
        ...(built.contentType === null ? {} : { 'content-type': built.contentType }),
        'user-agent': options.userAgent,
        'x-request-id': randomUUID(),
        ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
        ...credentials?.headers,
      },
    });
    if (raw.httpStatus === 401) credentials?.drop();
    return { raw, retryAfterMs: retryAfterOf(raw) };
  }

  return {
    options,
    exchanges,
    leadIds: () => [...new Set(exchanges.map(leadIdOf).filter((leadId) => leadId !== null))],
    lastOf: (check) => exchanges.findLast((exchange) => exchange.check === check) ?? null,
    connection: () =>
      (connection ??= probeConnection(url, { trust: tls, proxy, timeoutMs: Math.min(5_000, timeoutMs) })),
    credentials: () => authenticator.credentials(AbortSignal.timeout(timeoutMs)),
    connections: () => wire.connections(),
    delays,
    begin({ name, calls }) {
      current = { name, callsLeft: calls };
    },
    async send(endpoint, fields, sending = {}) {
      if (current.callsLeft === 0) throw new Error(`${current.name} makes more calls than it has announced`);
      current.callsLeft -= 1;
      for (;;) {
        const { raw, retryAfterMs } = await exchangeOnce(endpoint, fields, sending);
        const outcome = judge(contract, endpoint, sending.about ?? '', raw, retryAfterMs);
        if (outcome.kind === 'try_later') {
          delays.push(raw);
          const waitMs = Math.min(retryAfterMs ?? 1_000, longestWaitMs);
          if (repeatsLeft-- > 0) {
            options.onWait?.({ retryAfter: raw.headers['retry-after'] ?? null, waitMs });
            await pause(waitMs);
            continue;
          }
        }
        const { httpStatus, headers, body, text, latencyMs, failure } = raw;
        const check = current.name;
        const exchange = { check, endpoint, httpStatus, headers, body, text, outcome, latencyMs, failure };
        exchanges.push(exchange);
        return exchange;
      }
    },
    async close() {
      await Promise.all([wire.close(), authenticator.close()]);
    },
  };
}

/** The verdict that leadsync would come to on the same answer. */
function judge(
  { fromAnswer }: LeadsContract,
  endpoint: Endpoint,
  about: string,
  raw: RawAnswer,
  retryAfterMs: number | null,
): Exchange['outcome'] {
  const { body, evidence, httpStatus } = raw;
  const end = { endpoint, evidence, httpStatus, retryAfterMs, certificate: false, withheld: false };
  if (httpStatus === null) return classifyCall({ ...end, body: { kind: 'unrecognised' } });
  switch (endpoint) {
    case 'clientData':
      return classifyCall({ ...end, body: fromAnswer.clientData(body, { httpStatus, nif: about }) });
    case 'altaLead':
      return classifyCall({ ...end, body: fromAnswer.altaLead(body, { httpStatus }) });
    case 'updateLead':
      return classifyCall({ ...end, body: fromAnswer.updateLead(body, { httpStatus, leadId: about }) });
  }
}

function retryAfterOf({ headers }: RawAnswer): number | null {
  return readRetryAfter(headers['retry-after'] ?? null, headers['date'] ?? null, Date.now());
}

const withoutToken: RawAnswer = {
  evidence: 'never_written',
  httpStatus: null,
  headers: {},
  body: undefined,
  text: '',
  latencyMs: 0,
  failure: 'no token',
};

function createPace(ratePerSecond: number): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const waitMs = nextAt - performance.now();
    if (waitMs > 0) await pause(waitMs);
    nextAt = performance.now() + (ratePerSecond === 0 ? 0 : 1_000 / ratePerSecond);
  };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
