import pg from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { LeadsApi } from '../../src/app/ports/leads-api.ts';
import type { FaultOrder } from '../../src/sandbox/faults/fault-order.ts';
import type { FaultsNow } from '../../src/sandbox/faults/faults.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { apiAt, lead } from '../adapters/leads-api/api-under-test.ts';
import { createTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

/** A lead of a prospect whom the partner manages. */
export const person = { ...lead, dni: '12345601X' };

/** The same as a body of alta lead. */
export const personBody = { ...person, acceptTerms: true };

export interface SandboxUnderTest {
  readonly url: string;
  /** Our own client of it; one that does not wait long. Closed after the test. */
  api(...options: Parameters<typeof apiAt> extends [string, ...infer Rest] ? Rest : never): LeadsApi;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  order(order: FaultOrder): Promise<void>;
  faultsNow(): Promise<FaultsNow>;
}

/** Sandboxes over one database for the tests of a file; each is closed after its test. */
export function useSandboxes(label: string) {
  let database: TestDatabase;
  const started: Sandbox[] = [];
  const clients: LeadsApi[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(label);
  });
  afterAll(() => database.drop());
  afterEach(async () => {
    for (const one of [...clients.splice(0), ...started.splice(0)]) await one.close();
  });

  return {
    /** Ends every sandbox of the test that is running, and no client. */
    async stopAll(): Promise<void> {
      for (const one of started.splice(0)) await one.close();
    },
    get databaseUrl() {
      return database.url;
    },
    async start(part: Partial<SandboxOptions> = {}): Promise<SandboxUnderTest> {
      const sandbox = await startSandbox({ databaseUrl: database.url, port: 0, ...part });
      started.push(sandbox);
      const { url } = sandbox;
      const faultsUrl = `${url}/__sandbox/faults`;
      return {
        url,
        api(options = {}) {
          const api = apiAt(url, { timeoutMs: 1_000, connections: 20, ...options });
          clients.push(api);
          return api;
        },
        post: (path, body, headers = {}) => sendJson(url + path, 'POST', body, headers),
        async order(order) {
          const answer = await sendJson(faultsUrl, 'PUT', order);
          if (answer.status !== 204) throw new Error(await answer.text());
        },
        faultsNow: async () => (await (await fetch(faultsUrl)).json()) as FaultsNow,
      };
    },
    /** How many leads the tables hold under this partnerLeadId. */
    async leadsCreated(partnerLeadId: string): Promise<number> {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      try {
        const { rowCount } = await client.query('select 1 from sandbox.leads where partner_lead_id = $1', [
          partnerLeadId,
        ]);
        return rowCount ?? 0;
      } finally {
        await client.end();
      }
    },
  };
}

export function sendJson(
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    redirect: 'manual',
  });
}
