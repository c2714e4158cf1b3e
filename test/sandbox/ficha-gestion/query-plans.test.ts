import type { Pool } from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { readFacetValues } from '../../../src/sandbox/ficha-gestion/facet-values.ts';
import { findLeads } from '../../../src/sandbox/ficha-gestion/find-leads.ts';
import type { Place } from '../../../src/sandbox/ficha-gestion/find-leads.ts';
import { openListingCsv } from '../../../src/sandbox/ficha-gestion/listing-csv.ts';
import { readState } from '../../../src/sandbox/state.ts';
import { useFichaGestion } from './ficha-under-test.ts';

const ficha = useFichaGestion('ficha query plans');
const LEADS = 20_000;

beforeEach(async () => {
  await ficha.pool.query(
    `insert into sandbox.leads (lead_id, partner_lead_id, id_landing, estado, body, created_at)
     select (20000000 + n)::text, 'P-' || n, '', case when n % 2 = 0 then '20' end,
            jsonb_build_object('name', case when n % 500 = 0 then 'Núria Puig' else 'Ana Soler ' || n end,
                               'dni', lpad(n::text, 8, '0') || 'X', 'ramo', (n % 5)::text,
                               'partner', case when n % 1000 = 0 then 'Rare' else 'Common' end, 'campaign', 'c' || n % 50),
            timestamptz '2026-11-23T10:00:00Z' + n * interval '1 second'
     from generate_series(1, $1) as n`,
    [LEADS],
  );
  await ficha.pool.query('analyze sandbox.leads');
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** The plans of every query that `work` makes, as they were carried out. */
async function plansOf(work: (pool: Pool) => Promise<unknown>): Promise<readonly Plan[]> {
  const asked: [string, unknown[]][] = [];
  const query = (text: string, values: unknown[] = []) => {
    asked.push([text, values]);
    return ficha.pool.query(text, values);
  };
  await work({ query } as unknown as Pool);
  const plans: Plan[] = [];
  for (const [text, values] of asked) {
    const { rows } = await ficha.pool.query(`explain (analyze, timing off, format json) ${text}`, values);
    plans.push(...(rows[0]['QUERY PLAN'] as { Plan: Plan }[]).map(({ Plan: plan }) => plan));
  }
  return plans;
}

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Rows that a node has looked at, in all its rounds. */
const readBy = (node: Plan) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];

function expectFewRead(plans: readonly Plan[]): void {
  expect(plans.length).toBeGreaterThan(0);
  for (const node of plans.flatMap(nodesOf)) {
    // It reads an index, not the table; as much of it as there are matches.
    if (node['Node Type'] === 'Bitmap Index Scan') continue;
    // Up to 2,001 matches are gathered; one in two leads matches the widest filter here.
    expect([node['Node Type'], readBy(node) < LEADS / 4], JSON.stringify(node)).toEqual([node['Node Type'], true]);
    if (/Sort/.test(node['Node Type'])) expect(node['Actual Rows']).toBeLessThanOrEqual(2_001);
  }
}

const indexesOf = (plans: readonly Plan[]) => plans.flatMap(nodesOf).flatMap((node) => node['Index Name'] ?? []);

const places: readonly (readonly [string, Place])[] = [
  ['the newest', null],
  ['an older page', { before: '20010000' }],
  ['a newer page', { after: '20010000' }],
];

const searches: readonly (readonly [string, Parameters<typeof findLeads>[1], RegExp])[] = [
  ['all leads', { facets: {}, text: null }, /^leads_newest$/],
  ['a partner that has few', { facets: { partner: 'Rare' }, text: null }, /^leads_of_partner$/],
  ['a partner that has most', { facets: { partner: 'Common' }, text: null }, /^leads_(newest|of_partner)$/],
  ['one estado in two', { facets: { estado: '20' }, text: null }, /^leads_(newest|of_estado)$/],
  ['a campaign and a ramo', { facets: { campaign: 'c5', ramo: '0' }, text: null }, /^leads_(of_campaign|of_ramo)$/],
  ['a rare name', { facets: {}, text: 'puig' }, /^leads_by_words$/],
  ['a name that most have', { facets: {}, text: 'soler' }, /^leads_(newest|by_words)$/],
  ['a partnerLeadId', { facets: {}, text: 'P-19999' }, /^leads_by_words$/],
];

test.each(searches)('%s are found by an index, on any page, and few rows are read', async (_what, sought, index) => {
  for (const [where, place] of places) {
    const plans = await plansOf((pool) => findLeads(pool, sought, place));
    expectFewRead(plans);
    expect(indexesOf(plans), where).toContainEqual(expect.stringMatching(index));
  }
});

test('the values to filter by are found without reading all leads', async () => {
  expectFewRead(await plansOf(readFacetValues));
});

test('each batch of the CSV is read by an index', async () => {
  const plans = await plansOf(async (pool) => {
    const { text } = await openListingCsv(pool, { facets: { partner: 'Common' }, text: null });
    const pieces = text[Symbol.asyncIterator]();
    for (let piece = 0; piece < 4; piece += 1) await pieces.next();
  });
  expectFewRead(plans);
});

test('what /__sandbox/state lists is found by an index; only counting reads them all', async () => {
  const plans = await plansOf((pool) => readState(pool, { limit: 1_000, after: '20010000' }));
  const listing = plans.filter((plan) => nodesOf(plan).every((node) => !/Aggregate/.test(node['Node Type'])));
  expect(listing).toHaveLength(3);
  expectFewRead(listing);
});
