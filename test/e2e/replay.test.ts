import { sql } from 'kysely';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync } from '../support/leadsync-process.ts';
import { createInstallation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

const rows = 400;

it(
  'replays each failed row once, by two people at once, with service and command killed in the middle of it',
  { timeout: 180_000 },
  async () => {
    let hasAgents = false;
    const api = await startFakeLeadsApi((path, body, response) => {
      if (hasAgents || path !== '/client-data') return false;
      response.end(JSON.stringify({ status: 'OK', nif: body['nif'], client: true, partnerManage: true }));
      return true;
    });
    onTestFinished(() => api.close());
    const installation = await createInstallation('replay', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
    onTestFinished(() => installation.remove());
    const { env, database } = installation;
    const count = async (what: ReturnType<typeof sql>) => {
      const { rows: found } = await sql<{ n: number }>`select count(*)::int as n from ${what}`.execute(database.db);
      return found[0]?.n ?? 0;
    };
    const replayed = () => count(sql`audit_event where action = 'row.replayed'`);
    const inState = (state: string) => count(sql`ledger_row where state = ${state}`);

    await drop(join(installation.home, 'inbox'), 'acme', 'leads.csv', leadsCsv(rows));
    const first = startLeadsync(['run'], env);
    await first.ready();
    await eventually('every row to fail', async () => (await inState('failed')) === rows);
    hasAgents = true;

    // The same rows twice: the second finds those that the first was quicker with moved on.
    const mine = startLeadsync(
      ['replay', '--state', 'failed', '--reason', 'agents added', '--rate', '40', '--wait'],
      env,
    );
    await mine.says('replay 1:');
    const other = await runLeadsync(['replay', '--file', '1', '--reason', 'me too', '--rate', '40', '--yes'], env);
    expect([other.code, other.stdout]).toEqual([0, expect.stringMatching(/\nreplay 2: \d+ rows, at most 40 a second/)]);
    await eventually('the middle of it', async () => (await replayed()) > 40);
    await mine.end('SIGKILL');
    await first.end('SIGKILL');
    const before = await replayed();
    expect(before).toBeLessThan(rows);
    expect((await runLeadsync(['replay', '--show', '1'], env)).stdout).toMatch(/ \d+ left/);

    const last = startLeadsync(['run'], env);
    await eventually('the end of both', async () => (await count(sql`replay_batch where state = 'finished'`)) === 2);
    await eventually('every lead', async () => (await inState('registered')) + (await inState('in_doubt')) === rows);
    await last.end('SIGTERM');

    expect(await replayed()).toBe(rows);
    expect(await count(sql`(select distinct row_id from audit_event where action = 'row.replayed') as once`)).toBe(
      rows,
    );
    const batches = JSON.parse((await runLeadsync(['replay', '--list', '--json'], env)).stdout) as {
      readonly replayed: number;
      readonly movedOn: number;
      readonly left: number;
    }[];
    expect(batches.reduce((sum, batch) => sum + batch.replayed, 0)).toBe(rows);
    expect(batches.every((batch) => batch.left === 0)).toBe(true);
    const ids = api.creates.map(({ partnerLeadId }) => partnerLeadId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await runLeadsync(['audit', 'verify'], env)).toMatchObject({ code: 0 });
  },
);
