import { readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync } from '../support/leadsync-process.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

const after: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const act of after.splice(0).toReversed()) await act();
});

interface Stage {
  readonly api: FakeLeadsApi;
  readonly installation: Installation;
  /** Gives the answers that are kept back, and every one from now on at once; or keeps the next ones back again. */
  keepBack(on: boolean): void;
}

/** An API that carries every create out and keeps its answer back, with 40 rows before it. */
async function stage(label: string, env: Readonly<Record<string, string>>): Promise<Stage> {
  let held: (() => void)[] | null = [];
  const api = await startFakeLeadsApi((path, body, response) => {
    if (path !== '/alta-lead') return false;
    const give = (): void => answer(response, `F${body['partnerLeadId']}`);
    if (held === null) give();
    else held.push(give);
    return true;
  });
  const installation = await createInstallation(label, api, { LEADS_API_CONCURRENCY: '8', ...env });
  after.push(api.close, installation.remove);
  await drop(join(installation.home, 'inbox'), 'acme', 'leads-one.csv', leadsCsv(40));
  return {
    api,
    installation,
    keepBack(on) {
      for (const give of held ?? []) give();
      held = on ? [] : null;
    },
  };
}

/** What the audit log says of the services themselves and of what they work by, but for its own seals. */
async function ownEvents({ database }: Installation): Promise<readonly string[]> {
  const { rows } = await sql<{ says: string }>`
    select action || coalesce(' ' || partner, '') || case when action = 'service.stopped' then ' ' || detail::text else '' end as says
    from audit_event where action like any (array['service.%', 'config.%']) order by seq`.execute(database.db);
  return rows.map(({ says }) => says);
}

async function rowsBy({ installation }: Stage): Promise<ReadonlyMap<string, number>> {
  const { stdout } = await runLeadsync(['rows', '--json', '--limit', '100'], installation.env);
  const rows = JSON.parse(stdout) as { readonly state: string }[];
  return new Map([...Map.groupBy(rows, ({ state }) => state)].map(([state, all]) => [state, all.length]));
}

it('a service that is told to stop finishes what it has sent, lets go of the rest and takes nothing more in', async () => {
  const the = await stage('shutdown drains', { LEADS_API_TIMEOUT_MS: '30000', LEADSYNC_DEADLINE_MS: '20000' });
  const service = startLeadsync(['run'], { ...the.installation.env, LOG_LEVEL: 'info' });
  await the.api.seen(8);
  service.child.kill('SIGTERM');
  await service.says('service stopping');
  await drop(join(the.installation.home, 'inbox'), 'acme', 'leads-two.csv', leadsCsv(3, 'LATE-'));
  the.keepBack(true);
  expect(await service.exited).toBe(0);
  expect(service.output()).toContain('"drained":true');
  expect(await ownEvents(the.installation)).toEqual([
    'service.started',
    'config.settings_in_force',
    'config.partner_in_force acme',
    'service.stopped {"drained": true}',
  ]);
  // Its host need not be waited for, should the ledger begin anew.
  const { rows: spools } = await sql<{ hasLeft: boolean }>`
    select left_at is not null as "hasLeft" from host_spool`.execute(the.installation.database.db);
  expect(spools).toEqual([{ hasLeft: true }]);
  // Nothing began after the signal, everything that had begun is written down, the others are as they were.
  expect(the.api.creates).toHaveLength(8);
  const states = await rowsBy(the);
  expect(states.get('registered')).toBe(8);
  expect(
    [...states.keys()].filter((state) => !['registered', 'received', 'checked', 'waiting'].includes(state)),
  ).toEqual([]);
  expect(await readdir(join(the.installation.home, 'inbox', 'acme'))).toContain('leads-two.csv');

  // The next one takes it from there.
  const next = startLeadsync(['run'], the.installation.env);
  await next.ready();
  the.keepBack(false);
  const results = await the.installation.results('acme', 'leads-one.csv');
  await next.end('SIGTERM');
  expect(results.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 40 }, () => 'registered'));
  expect(new Set(the.api.creates.map(({ partnerLeadId }) => partnerLeadId)).size).toBe(the.api.creates.length);
});

it('what hangs beyond the deadline is left behind as it is, and shown in doubt by the next service', async () => {
  const the = await stage('shutdown hangs', { LEADS_API_TIMEOUT_MS: '3000', LEADSYNC_DEADLINE_MS: '500' });
  const service = startLeadsync(['run'], the.installation.env);
  await the.api.seen(8);
  expect(await service.end('SIGTERM')).toBe(0);
  expect(service.output()).toContain('stopped before everything in progress had ended');
  expect(the.api.creates).toHaveLength(8);

  const next = startLeadsync(['run'], the.installation.env);
  await next.ready();
  the.keepBack(false);
  const results = await the.installation.results('acme', 'leads-one.csv');
  await next.end('SIGTERM');
  const outcomes = Map.groupBy(results, ({ outcome }) => outcome ?? '');
  expect([outcomes.get('in_doubt')?.length, outcomes.get('registered')?.length]).toEqual([8, 32]);
  expect(the.api.creates).toHaveLength(40);
});

function answer(response: ServerResponse, leadId: string): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ leadId, idLanding: `L${leadId}` }));
}
