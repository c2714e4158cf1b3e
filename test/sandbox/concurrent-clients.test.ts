import pg from 'pg';
import { expect, test } from 'vitest';
import { call } from '../adapters/leads-api/api-under-test.ts';
import { person, useSandboxes } from './sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox concurrent clients');

// LEADSYNC_LONG_TESTS=1 makes them fifty thousand, which takes minutes.
const isLong = process.env['LEADSYNC_LONG_TESTS'] === '1';
const leads = isLong ? 50_000 : 2_000;
const clients = 20;

test(
  `${clients} clients at once create ${leads} leads, each with a leadId of its own`,
  { timeout: 600_000 },
  async () => {
    const sandbox = await sandboxes.start();
    const created = new Map<string, string>();
    let next = 0;
    await Promise.all(
      Array.from({ length: clients }, async () => {
        const api = sandbox.api({ connections: 1, timeoutMs: 30_000 });
        while (next < leads) {
          const partnerLeadId = `lead-${(next += 1)}`;
          const { outcome } = await api.createLead({ ...person, partnerLeadId }, call());
          if (outcome.kind !== 'answered') throw new Error(`${partnerLeadId}: ${outcome.kind}`);
          created.set(partnerLeadId, outcome.answer.leadId);
        }
      }),
    );
    expect(created.size).toBe(leads);
    expect(new Set(created.values()).size).toBe(leads);
    expect(await leadsInTheTable(sandboxes.databaseUrl)).toEqual(created);
    expect(await leadsOnTheFicha(sandbox.url)).toEqual(new Set(created.values()));
  },
);

async function leadsInTheTable(databaseUrl: string): Promise<ReadonlyMap<string, string>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; leadId: string }>(
      'select partner_lead_id as id, lead_id as "leadId" from sandbox.leads',
    );
    // A Map would swallow a lead that was created twice.
    expect(rows).toHaveLength(leads);
    return new Map(rows.map(({ id, leadId }) => [id, leadId]));
  } finally {
    await client.end();
  }
}

/** Every leadId of the Ficha Gestión's listing. */
async function leadsOnTheFicha(url: string): Promise<ReadonlySet<string>> {
  const listing = await (await fetch(`${url}/ficha-gestion.csv`)).text();
  const [, ...lines] = listing.trimEnd().split(/\r?\n/);
  expect(lines).toHaveLength(leads);
  return new Set(lines.map((line) => line.split(';')[0] ?? ''));
}
