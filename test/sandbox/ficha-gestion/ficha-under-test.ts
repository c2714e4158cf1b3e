import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { contracts } from '../../../src/contract/index.ts';
import type { LeadsContract } from '../../../src/contract/leads-contract.ts';
import { altaLeadEndpoint } from '../../../src/sandbox/endpoints/alta-lead.ts';
import { updateLeadEndpoint } from '../../../src/sandbox/endpoints/update-lead.ts';
import { registerFichaGestion } from '../../../src/sandbox/ficha-gestion/ficha-gestion.ts';
import { registerPage } from '../../../src/sandbox/page/page.ts';
import { createTables } from '../../../src/sandbox/tables.ts';
import { createTestDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { poolOf } from './pool-of.ts';

/** Synthetic, of a prospect whom the partner manages. */
const person = {
  acceptTerms: true,
  agenteId: '0051245',
  dni: '12345601X',
  motivoLlamada: '1',
  name: 'Ana Pérez',
  phone: '600000001',
};

/** The Ficha Gestión over HTTP, on a database for the tests of a file; each test begins without leads. */
export function useFichaGestion(label: string) {
  let database: TestDatabase;
  let pool: Pool;
  let url = '';
  const apps: FastifyInstance[] = [];

  type Served = Parameters<typeof registerFichaGestion>[1];
  const login = { authentication: 'none', keyHeader: 'X-API-Key', pagesNeedLogin: false } as const;
  const serve = async (part: Partial<Omit<Served, 'pool'>> & { pool?: Pick<Pool, 'query'> } = {}): Promise<string> => {
    const app = fastify({ forceCloseConnections: true });
    registerPage(app);
    registerFichaGestion(app, { pool, contract: contracts['1.2.5'], ...login, ...part } as Served);
    await app.listen({ host: '127.0.0.1', port: 0 });
    apps.push(app);
    return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  };

  beforeAll(async () => {
    database = await createTestDatabase(label);
    pool = poolOf(database.url);
    await createTables(pool);
  });
  beforeEach(async () => {
    await pool.query('truncate sandbox.leads, sandbox.lead_updates, sandbox.clients');
    url = await serve();
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(url + path, { headers, redirect: 'manual' });

  return {
    get pool() {
      return pool;
    },
    get url() {
      return url;
    },
    /** Another one, of other parts; its URL. */
    serve,
    get,
    page: async (path: string) => (await get(path)).text(),
    /** Posts the search form; the path that it leads to. */
    async search(fields: Readonly<Record<string, string>>): Promise<string> {
      const answer = await fetch(`${url}/ficha-gestion`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        redirect: 'manual',
      });
      if (answer.status !== 303) throw new Error(`${answer.status} ${await answer.text()}`);
      return answer.headers.get('location') ?? '';
    },
    /** Through the endpoint, as any lead comes. Its leadId. */
    async create(part: Readonly<Record<string, unknown>> = {}, contract: LeadsContract = contracts['1.2.5']) {
      const ids = { requestId: 'request-1', idempotencyKey: 'key-1' };
      const { status, body } = await altaLeadEndpoint.answer({ pool, contract }, { ...person, ...part }, ids);
      if (status !== 200) throw new Error(JSON.stringify(body));
      return (body as { leadId: string }).leadId;
    },
    async update(leadId: string, estado: string, observacion: string): Promise<void> {
      const ids = { requestId: 'request-2', idempotencyKey: null };
      const parts = { pool, contract: contracts['1.2.5'] };
      const { status, body } = await updateLeadEndpoint.answer(parts, { leadId, estado, observacion }, ids);
      if (status !== 200) throw new Error(JSON.stringify(body));
    },
    /** Many at once, all at the same moment, so that nothing but the leadId orders them. In the order of the listing. */
    async createMany(count: number): Promise<string[]> {
      const { rows } = await pool.query<{ leadId: string }>(
        `insert into sandbox.leads (lead_id, id_landing, body, created_at)
         select id, 'LANDING-' || id, '{}', '2026-11-23T10:00:00.123456Z'
         from (select nextval('sandbox.lead_id')::text as id from generate_series(1, $1)) as next
         returning lead_id as "leadId"`,
        [count],
      );
      return rows.map(({ leadId }) => leadId).toReversed();
    },
  };
}

/** The leads of a listing's page, in its order. */
export function leadIdsIn(page: string): string[] {
  return [...page.matchAll(/href="\/ficha-gestion\/(\d+)"/g)].map(([, leadId]) => leadId ?? '');
}

/** Where a page's link of this name leads, or null. */
export function linkIn(page: string, name: string): string | null {
  const href = page.match(new RegExp(`href="([^"]+)"[^>]*>${name}<`))?.[1];
  return href?.replaceAll('&amp;', '&') ?? null;
}
