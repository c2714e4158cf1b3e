import { beforeEach, expect, test } from 'vitest';
import pg from 'pg';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { useSandboxes } from './sandbox-under-test.ts';
import type { SandboxUnderTest } from './sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox state');
let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await sandboxes.start();
});

/** In the order of their creation; each with an update. */
async function seed(count: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: sandboxes.databaseUrl });
  await client.connect();
  try {
    await client.query('truncate sandbox.leads, sandbox.lead_updates');
    const { rows } = await client.query<{ leadId: string }>(
      `insert into sandbox.leads (lead_id, partner_lead_id, id_landing, body)
       select (20000000 + n)::text, 'P-' || n % 100, '', '{}' from generate_series(1, $1) as n
       returning lead_id as "leadId"`,
      [count],
    );
    await client.query(
      `insert into sandbox.lead_updates (lead_id, estado, observacion) select lead_id, '5', 'x' from sandbox.leads`,
    );
    return rows.map(({ leadId }) => leadId);
  } finally {
    await client.end();
  }
}

async function state(query = ''): Promise<SandboxState> {
  const answer = await fetch(`${sandbox.url}/__sandbox/state${query}`);
  if (answer.status !== 200) throw new Error(await answer.text());
  return (await answer.json()) as SandboxState;
}

const idsOf = (of: readonly { readonly leadId: string }[]) => of.map(({ leadId }) => leadId);

test('lists the newest thousand leads and their updates, and counts all', async () => {
  const all = await seed(1_200);
  const { counts, leads, updates } = await state();
  expect(counts).toMatchObject({ leads: 1_200, updates: 1_200 });
  expect(idsOf(leads)).toEqual(all.slice(200));
  expect(idsOf(updates)).toEqual(all.slice(200));
  expect(idsOf((await state('?limit=3')).leads)).toEqual(all.slice(-3));
});

test('is read to the end in pieces, each lead once', async () => {
  const all = await seed(250);
  const read: string[] = [];
  for (let after: string | undefined = ''; after !== undefined; after = read.at(-1)) {
    const { leads } = await state(`?after=${after}&limit=100`);
    if (leads.length === 0) break;
    read.push(...idsOf(leads));
  }
  expect(read).toEqual(all);
});

test('is narrowed to the leads of one partnerLeadId', async () => {
  const all = await seed(250);
  const { counts, leads, updates } = await state('?partnerLeadId=P-7');
  expect(idsOf(leads)).toEqual([all[6], all[106], all[206]]);
  expect(idsOf(updates)).toEqual(idsOf(leads));
  expect(counts.leads).toBe(250);
});

test.each([
  ['?limit=0', 'limit'],
  ['?limit=all', 'limit'],
  ['?limit=10001', 'limit'],
  ['?after=4711', 'after'],
  ['?after=%00', 'after'],
  ['?partnerLeadId=a&partnerLeadId=b', 'partnerLeadId'],
  ['?partner=a', 'partner'],
])('refuses %s', async (query, word) => {
  const answer = await fetch(`${sandbox.url}/__sandbox/state${query}`);
  expect(answer.status).toBe(422);
  expect(((await answer.json()) as { message: string }).message).toContain(word);
});
