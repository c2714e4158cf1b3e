import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { Pool } from 'pg';
import { contracts } from '../contract/index.ts';
import type { LeadsContract } from '../contract/leads-contract.ts';
import { altaLeadEndpoint } from './endpoints/alta-lead.ts';
import { clientDataEndpoint } from './endpoints/client-data.ts';
import { createFaults, faultOrder } from './faults/faults.ts';
import type { OrderedFault } from './faults/faults.ts';
import { refuse, wrongFields } from './endpoints/refusal.ts';
import { serveEndpoint } from './endpoints/serve-endpoint.ts';
import { readState } from './state.ts';
import { createTables } from './tables.ts';
import { updateLeadEndpoint } from './endpoints/update-lead.ts';

export interface SandboxOptions {
  readonly databaseUrl: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Loopback only: the sandbox has no login. Defaults to 127.0.0.1. */
  readonly host?: string;
  /** The version that it speaks. Defaults to the newest. */
  readonly contract?: LeadsContract;
  /** As `PUT /__sandbox/faults` takes them. Defaults to none. */
  readonly faults?: readonly OrderedFault[];
  /** Waited before each of the three endpoints does its work. Defaults to 0. */
  readonly latencyMs?: number;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** Cuts what is under way. The tables stay. May be called again. */
  close(): Promise<void>;
}

/**
 * The Leads API itself, for trying things and for tests: the three endpoints over tables in PostgreSQL, and
 * `/__sandbox/state` and `/__sandbox/faults`. Every answer is marked `X-Leads-Sandbox: 1`. Shares the contract with
 * leadsync and nothing else, or it would prove nothing.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1';
  if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
    throw new Error(`The sandbox listens on loopback only, not on ${host}: it has no login.`);
  }
  const pool = new Pool({ connectionString: options.databaseUrl, max: 10 });
  // Without a listener an idle connection that the server ends would end the process.
  pool.on('error', () => {});
  // A connection that is lent out has no listener of the pool's: its loss would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const app = fastify({ forceCloseConnections: true, bodyLimit: 64 * 1024 });
  const parts = { pool, contract: options.contract ?? contracts['1.2.5'] };
  const faults = createFaults(options.faults ?? []);
  let latencyMs = options.latencyMs ?? 0;

  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-leads-sandbox', '1');
  });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );

  for (const endpoint of [clientDataEndpoint, altaLeadEndpoint, updateLeadEndpoint]) {
    app.post(endpoint.path, (request, reply) =>
      serveEndpoint({ parts, endpoint, strike: faults.strike, latencyMs }, request, reply),
    );
  }
  app.get('/__sandbox/state', () => readState(pool));
  app.put('/__sandbox/faults', async (request, reply) => {
    const order = faultOrder.safeParse(request.body);
    if (!order.success) return reply.code(422).send(refuse(wrongFields(order.error)));
    faults.order(order.data.faults);
    latencyMs = order.data.latencyMs ?? latencyMs;
    return reply.code(204).send();
  });

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
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${port}`,
    port,
    close: () => (closed ??= app.close().then(() => pool.end())),
  };
}
