import type { ServerResponse } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { startFakeLeadsApi } from '../support/fake-leads-api.ts';
import { startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { testRedisUrl } from '../support/redis.ts';
import { eventually } from '../support/eventually.ts';
import { createInstallation } from './installation.ts';
import { drop, leadsCsv, plainPartner } from './leads-file.ts';

// oxlint-disable-next-line node/no-process-env -- the long form is asked for from outside
const isLong = process.env['LEADSYNC_LONG_TESTS'] === '1';
const size = isLong
  ? { leads: 5_000, each: 10, files: 20, workers: 4, kills: 12, faults: 0.01 }
  : { leads: 40, each: 5, files: 4, workers: 2, kills: 2, faults: 0.02 };
/** Shorter than in production, and longer than any request of the fake API lives. */
const quietPeriodMs = 3_000;
const redisUrl = testRedisUrl();

/** The same numbers for every run. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

interface Update {
  readonly lead: number;
  /** Its number among those of its lead: what it says, and when by the partner's own date. */
  readonly nth: number;
}

function shuffledFiles(random: () => number): readonly string[] {
  const all = Array.from({ length: size.leads * size.each }, (_, index): Update & { lot: number } => ({
    lead: Math.floor(index / size.each) + 1,
    nth: (index % size.each) + 1,
    lot: random(),
  })).toSorted((one, other) => one.lot - other.lot);
  const perFile = Math.ceil(all.length / size.files);
  return Array.from({ length: size.files }, (_, file) =>
    [
      'partnerLeadId;estado;observacion;Fecha',
      ...all
        .slice(file * perFile, (file + 1) * perFile)
        .map(({ lead, nth }) => `T-${lead};${nth + 100};Paso ${nth};${String(nth).padStart(2, '0')}/11/2026`),
      '',
    ].join('\n'),
  );
}

it.runIf(redisUrl !== null)(
  'updates over many files, workers, kills and faults reach each lead in the order of the partner, none missing',
  async () => {
    const random = draws(7);
    /** By lead and estado: how many of its requests met an end that the API did not answer clearly. */
    const unclear = new Map<string, number>();
    const arrived: { leadId: string; estado: string }[] = [];
    let faulty = false;
    const api = await startFakeLeadsApi((path, body, response) => {
      if (path !== '/update-lead') return false;
      const update = { leadId: String(body['leadId']), estado: String(body['estado']) };
      if (!faulty || random() >= size.faults) {
        arrived.push(update);
        return false;
      }
      strike(update, response);
      return true;
    });

    /** An answer that is lost, an error that says nothing, or a request that arrives when its sender has given up. */
    function strike(update: { leadId: string; estado: string }, response: ServerResponse): void {
      const key = `${update.leadId} ${update.estado}`;
      unclear.set(key, (unclear.get(key) ?? 0) + 1);
      const lot = random();
      if (lot < 0.4) {
        arrived.push(update);
        response.destroy();
      } else if (lot < 0.7) {
        arrived.push(update);
        response.writeHead(500).end('broken');
      } else {
        response.destroy();
        setTimeout(() => arrived.push(update), quietPeriodMs / 2);
      }
    }

    const installation = await createInstallation('updates-storm', api, {
      REDIS_URL: redisUrl ?? '',
      LEADSYNC_QUIET_PERIOD_MS: String(quietPeriodMs),
      LEADS_API_CONCURRENCY: '32',
    });
    const inbox = join(installation.home, 'inbox');
    await writeFile(
      join(installation.home, 'partners/acme.yaml'),
      `${plainPartner('acme')}updates: { orderBy: Fecha }\nlimits: { rowsPerId: "off" }\ndrift: "off"\n`,
    );
    const workers: LeadsyncProcess[] = [];
    const start = async (at: number): Promise<void> => {
      const worker = startLeadsync(['run'], installation.env);
      workers[at] = worker;
      await worker.ready();
    };
    await Promise.all(Array.from({ length: size.workers }, (_, at) => start(at)));
    await drop(inbox, 'acme', 'leads.csv', leadsCsv(size.leads));
    const begun = performance.now();
    await installation.results('acme', 'leads.csv');
    const leadsMs = performance.now() - begun;

    faulty = true;
    const pushing = performance.now();
    for (const [index, text] of shuffledFiles(random).entries())
      await drop(inbox, 'acme', `updates-${index}.csv`, text);
    for (let kill = 1; kill <= size.kills; kill += 1) {
      const due = (size.leads * size.each * kill) / (size.kills + 1);
      await eventually(`${due} updates`, async () => (arrived.length >= due ? true : undefined), 600_000);
      const at = kill % size.workers;
      await workers[at]?.end('SIGKILL');
      await start(at);
    }
    await eventually(
      'every update ended',
      async () => {
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from ledger_row
          where kind = 'update' and state in ('pushed', 'rejected', 'duplicate', 'superseded', 'failed')`.execute(
          installation.database.db,
        );
        return rows[0]?.n === size.leads * size.each ? true : undefined;
      },
      900_000,
    );
    const updatesMs = performance.now() - pushing;
    await Promise.all(workers.map((worker) => worker.end('SIGTERM')));

    // A file that comes when a newer update of the lead was sent already: those are told, and nothing else is missing.
    const { rows: ends } = await sql<{ leadId: string; estado: string; state: string }>`
      select l.lead_id as "leadId", u.state,
        (100 + row_number() over (partition by u.lead_row order by u.order_key))::text as estado
      from ledger_row u join ledger_row l on l.id = u.lead_row where u.kind = 'update'`.execute(
      installation.database.db,
    );
    expect(ends).toHaveLength(size.leads * size.each);
    expect(ends.filter(({ state }) => state !== 'pushed' && state !== 'superseded')).toEqual([]);
    const newest = String(100 + size.each);
    expect(ends.filter(({ estado, state }) => estado === newest && state !== 'pushed')).toEqual([]);
    const pushed = Map.groupBy(
      ends.filter(({ state }) => state === 'pushed'),
      ({ leadId }) => leadId,
    );
    const { rows: orphaned } = await sql<{ key: string }>`
      select l.lead_id || ' ' || (u.ordinal + 100) as key from audit_event a
      join (select id, lead_row, row_number() over (partition by lead_row order by order_key) as ordinal
        from ledger_row where kind = 'update') u on u.id = a.row_id
      join ledger_row l on l.id = u.lead_row where a.action in ('row.orphaned', 'row.intent_released')`.execute(
      installation.database.db,
    );
    for (const { key } of orphaned) unclear.set(key, (unclear.get(key) ?? 0) + 1);

    const known = new Set(api.creates.map(({ leadId }) => leadId));
    const byLead = Map.groupBy(arrived, ({ leadId }) => leadId);
    expect([...byLead.keys()].every((leadId) => known.has(leadId))).toBe(true);
    expect(byLead.size).toBe(size.leads);
    let repeats = 0;
    for (const [leadId, updates] of byLead) {
      const estados = updates.map(({ estado }) => estado);
      expect(
        estados.filter((estado, at) => estado !== estados[at - 1]),
        leadId,
      ).toEqual(
        (pushed.get(leadId) ?? []).map(({ estado }) => estado).toSorted((one, other) => Number(one) - Number(other)),
      );
      for (const [estado, times] of Map.groupBy(estados, (each) => each)) {
        repeats += times.length - 1;
        expect(times.length - 1, `${leadId} ${estado}`).toBeLessThanOrEqual(unclear.get(`${leadId} ${estado}`) ?? 0);
      }
    }
    if (isLong) {
      const rate = (n: number, ms: number): string =>
        `${Math.round(ms / 1_000)} s, ${Math.round((n * 1_000) / ms)} rows/s`;
      process.stdout.write(
        `${size.leads} leads: ${rate(size.leads, leadsMs)}; ${size.leads * size.each} updates: ${rate(size.leads * size.each, updatesMs)}; ` +
          `${[...unclear.values()].reduce((sum, n) => sum + n, 0)} unclear ends, ${repeats} repeats\n`,
      );
    }
    await api.close();
    await installation.remove();
  },
  isLong ? 1_800_000 : 120_000,
);
