import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { joinEmbeddedDatabase } from '../../src/adapters/postgres/embedded-database.ts';
import { startLeadsync } from '../support/leadsync-process.ts';
import { testRedisUrl } from '../support/redis.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const removals: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const remove of removals) await remove();
});

async function aHome(): Promise<string> {
  const { path, remove } = await scratchFolder();
  removals.push(remove);
  return path;
}

/** What the sandbox holds after a demo: the partners' own ids, sorted. Ids that we gave carry row numbers of a run. */
async function leadsAtInsurer(home: string): Promise<{ readonly own: string[]; readonly total: number }> {
  const database = await joinEmbeddedDatabase({ home: join(home, 'demo') });
  const client = new pg.Client({ connectionString: await database.urlOf('leadsync_sandbox') });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('select partner_lead_id as id from sandbox.leads order by 1');
  await client.end();
  await database.leave();
  const ids = rows.map((row) => row.id);
  return { own: ids.filter((id) => !id.startsWith('ls-')).toSorted(), total: ids.length };
}

function demo(home: string) {
  return startLeadsync(['demo'], { LEADSYNC_HOME: home });
}

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

/** Without Redis both are the queue on PostgreSQL. */
const backends = testRedisUrl() === null ? ['auto'] : ['auto', 'postgres'];

describe('leadsync demo', () => {
  it('shows every outcome, creates nothing the second time and leaves no process behind', async () => {
    const home = await aHome();
    const first = demo(home);
    expect(await first.exited, first.output()).toBe(0);
    for (const outcome of ['registered', 'not_managed', 'rejected', 'duplicate', 'failed', 'in_doubt', 'pushed']) {
      expect(first.stdout()).toContain(` ${outcome}`);
    }
    expect(first.stdout()).toContain('leadsync resolve');
    const path = /^ {2}(\/\S+results\.csv)$/m.exec(first.stdout())?.[1] ?? '';
    expect(await readFile(path, 'utf8')).toContain('row,partnerLeadId,outcome');

    const created = await leadsAtInsurer(home);
    const second = demo(home);
    expect(await second.exited, second.output()).toBe(0);
    expect(second.stdout()).toContain('of which this run created 0');
    expect(second.stdout()).toContain('recognised as imported before');
    expect(await leadsAtInsurer(home)).toEqual(created);
  }, 180_000);

  it.each(backends)(
    'ends with the same leads when it, or its database, is killed on the way: %s',
    async (backend) => {
      const [calm, killed] = [await aHome(), await aHome()];
      const demo = (home: string) => startLeadsync(['demo'], { LEADSYNC_HOME: home, LEADSYNC_QUEUE_BACKEND: backend });
      const undisturbed = demo(calm);

      // Each word comes at another part of the journey.
      for (const word of ['3 files, 3 open', '2. The next day', '3. The API']) {
        const run = demo(killed);
        await run.says(word);
        await run.end('SIGKILL');
      }
      const databaseKilled = demo(killed);
      await databaseKilled.says('ledger:');
      const postmaster = await readFile(join(killed, 'demo', 'pg', 'postmaster.pid'), 'utf8');
      process.kill(Number(postmaster.split('\n')[0]), 'SIGKILL');
      expect(await databaseKilled.exited, databaseKilled.output()).toBe(0);

      expect(await undisturbed.exited, undisturbed.output()).toBe(0);
      const last = demo(killed);
      expect(await last.exited, last.output()).toBe(0);
      expect(await leadsAtInsurer(killed)).toEqual(await leadsAtInsurer(calm));
      expect(isGone(Number(postmaster.split('\n')[0]))).toBe(true);
    },
    240_000,
  );
});
