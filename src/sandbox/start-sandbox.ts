import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { Pool } from 'pg';
import { contracts, defaultVersion } from '../contract/index.ts';
import type { LeadsContract } from '../contract/leads-contract.ts';
import { answerErrors } from './answer-errors.ts';
import { answerMalformedAddress, answerMalformedRequest } from './answer-malformed.ts';
import { isLoopback } from './authentication/loopback.ts';
import type { SandboxAuthentication } from './authentication/sandbox-authentication.ts';
import type { FaultOrder } from './faults/fault-order.ts';
import { createFaults } from './faults/faults.ts';
import { readBodies } from './read-bodies.ts';
import { serveApi } from './serve-api.ts';
import { servePages } from './serve-pages.ts';
import { createTables } from './tables.ts';

/** With the faults of the start, as `PUT /__sandbox/faults` takes them. Defaults to none. */
export interface SandboxOptions extends FaultOrder {
  readonly databaseUrl: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Beyond loopback only with an authentication; the pages and `/__sandbox` then ask for it too. Defaults to 127.0.0.1. */
  readonly host?: string;
  /** The version that it speaks. Defaults to `defaultVersion`. */
  readonly contract?: LeadsContract;
  /** How long a request may take to arrive: who dribbles it must not hold a connection for ever. Defaults to 30 s. */
  readonly requestTimeoutMs?: number;
  /** Defaults to none. */
  readonly authentication?: SandboxAuthentication;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** Cuts what is under way. The tables stay. May be called again. */
  close(): Promise<void>;
}

/**
 * The Leads API itself, for trying things and for tests: the three endpoints over tables in PostgreSQL, a login in front
 * of them, faults on demand, and `/__sandbox/state`. Every answer is marked `X-Leads-Sandbox: 1`. Shares the contract
 * with leadsync and nothing else, or it would prove nothing.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = '127.0.0.1', authentication = { kind: 'none' }, requestTimeoutMs = 30_000 } = options;
  if (!isLoopback(host) && authentication.kind === 'none') {
    throw new Error(`Without an authentication the sandbox listens on loopback only, not on ${host}.`);
  }
  const { faults: ordered, scenario, seed, latencyMs } = options;
  const hasTokens = authentication.kind === 'oauth2';
  const faults = createFaults({ faults: ordered, scenario, seed, latencyMs }, { hasTokens });
  const pool = new Pool({ connectionString: options.databaseUrl, max: 10 });
  // Without a listener an idle connection that the server ends would end the process.
  pool.on('error', () => {});
  // A connection that is lent out has no listener of the pool's: its loss would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 10) },
    frameworkErrors: answerMalformedAddress,
    clientErrorHandler: answerMalformedRequest,
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-leads-sandbox', '1');
  });
  readBodies(app);
  answerErrors(app);
  const parts = { pool, contract: options.contract ?? contracts[defaultVersion] };
  const closing = new AbortController();
  serveApi(app, { parts, authentication, faults, closing: closing.signal });
  servePages(app, { parts, authentication, faults, host });

  try {
    await createTables(pool);
    await app.listen({ host, port: options.port });
  } catch (error) {
    await app.close();
    await pool.end();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  let closed: Promise<void> | null = null;
  const close = async () => {
    closing.abort();
    await app.close();
    await pool.end();
  };
  return { url: `http://${reachable(host)}:${port}`, port, close: () => (closed ??= close()) };
}

/** A host as it stands in a URL; an address that means every interface is reached by loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
