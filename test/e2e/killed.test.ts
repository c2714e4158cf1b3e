import { sql } from 'kysely';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startFakeLeadsApi } from '../support/fake-leads-api.ts';
import { startLeadsync } from '../support/leadsync-process.ts';
import { testRedisUrl } from '../support/redis.ts';
import { createInstallation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

const rows = 2000;
const redisUrl = testRedisUrl();
const backends = [
  { backend: 'redis', env: { REDIS_URL: redisUrl ?? '' }, isThere: redisUrl !== null },
  { backend: 'postgres', env: { LEADSYNC_QUEUE_BACKEND: 'postgres' }, isThere: true },
];

describe.each(backends)('killed with -9 in the middle of a file, on $backend', ({ backend, env, isThere }) => {
  it.runIf(isThere)(
    'gives every row an outcome or shows it in doubt, and creates no lead twice',
    async () => {
      const api = await startFakeLeadsApi();
      const installation = await createInstallation(`killed-${backend}`, api, env);
      await drop(join(installation.home, 'inbox'), 'acme', 'leads-large.csv', leadsCsv(rows));

      for (const creates of [150, 700, 1300]) {
        const service = startLeadsync(['run'], installation.env);
        await service.ready();
        await api.seen(creates);
        await service.end('SIGKILL');
      }
      const last = startLeadsync(['run'], installation.env);
      const results = await installation.results('acme', 'leads-large.csv');
      await last.end('SIGTERM');

      expect(results.length).toBe(rows);
      const ids = api.creates.map((create) => create.partnerLeadId);
      expect(new Set(ids).size).toBe(ids.length);

      const leadIds = new Map(api.creates.map((create) => [create.partnerLeadId, create.leadId]));
      const outcomes = Map.groupBy(results, (row) => row['outcome'] ?? '');
      expect([...outcomes.keys()].toSorted()).toEqual(
        outcomes.has('in_doubt') ? ['in_doubt', 'registered'] : ['registered'],
      );
      for (const row of outcomes.get('registered') ?? []) {
        expect(row['leadId']).toBe(leadIds.get(row['partnerLeadId'] ?? ''));
      }
      // Whatever the API has is registered or in doubt: nothing is called anything else.
      const known = new Set(results.map((row) => row['partnerLeadId']));
      expect(ids.every((id) => known.has(id))).toBe(true);
      // At most what three kills can have caught on the way.
      expect(outcomes.get('in_doubt')?.length ?? 0).toBeLessThanOrEqual(3 * 24);

      await everyMoveHasItsAuditEvent(installation.database);
      await api.close();
      await installation.remove();
    },
    150_000,
  );
});

async function everyMoveHasItsAuditEvent({
  db,
}: {
  readonly db: Parameters<ReturnType<typeof sql>['execute']>[0];
}): Promise<void> {
  const { rows: wrong } = await sql`
    select r.id, r.version, count(a.seq) from ledger_row r
    left join audit_event a on a.row_id = r.id and a.to_state is not null
    group by r.id having count(a.seq) <> r.version`.execute(db);
  expect(wrong).toEqual([]);
}
