import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Random } from '../../simulation/random.ts';
import type { ErasedPerson } from '../checker/evidence.ts';
import { personOf, type PartnerFile } from '../world/partner-files.ts';
import type { World } from '../world/world.ts';
import { openShell } from './command.ts';

export interface DataProtection {
  /** Those whose erasure is written down. */
  readonly erased: readonly ErasedPerson[];
  begin(): void;
  /** Everybody who asked for it was erased. */
  isDone(): boolean;
  /** When nothing is at work any more: days pass once more, so that nothing that was past its time stays behind it. */
  lastNight(): Promise<void>;
  stop(): Promise<void>;
}

const everyMs = 400;
/** So many erasures go between two nights. */
const erasuresADay = 3;

/**
 * Who answers people that want to be forgotten: erases one after the other, and again after a command that failed. Every other
 * one has a lead of which it is not known at that moment what became of it. In between days pass for every other file, and
 * retention is run beside that of the service.
 */
export function openDataProtection(
  world: World,
  { files, persons }: { readonly files: readonly PartnerFile[]; readonly persons: number },
  random: Random,
  checkout: string,
): DataProtection {
  const leads = files.flatMap(({ kind, lines }) => (kind === 'leads' ? lines.map((line) => line.partnerLeadId) : []));
  const left = [...new Set(Array.from({ length: persons }, () => random.pick(leads)))];
  const aging = files.flatMap(({ sha256 }, index) => (index % 2 === 0 ? [sha256] : []));
  const erased: ErasedPerson[] = [];
  const run = openShell(world, checkout);
  const stopping = new AbortController();

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      // The database may be away.
      await turn().catch(() => undefined);
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  async function turn(): Promise<void> {
    const [next] = left;
    if (next !== undefined) {
      const unsure = left.length % 2 === 0 ? await ofUnknownEnd(world, files) : null;
      if (!(await erase(unsure ?? next))) return;
      left.shift();
      if (erased.length % erasuresADay > 0) return;
    }
    await night();
  }

  async function night(): Promise<void> {
    await letDaysPass(world, aging);
    await run('retention', 'run', '--reason', 'chaos');
  }

  async function erase(partnerLeadId: string): Promise<boolean> {
    const { nif, phone, email } = personOf(partnerLeadId);
    const before = await erasures(world);
    const askedMs = Date.now();
    const code = await openShell(world, checkout, `${nif}\n`)('erase', '--nif', '-', '--reason', 'chaos', '--yes');
    // 1: rows of theirs are under way or in doubt, or a file is elsewhere at the moment. Written down it is.
    if (code !== 0 && !(code === 1 && (await erasures(world)) > before)) return false;
    erased.push({ partnerLeadId, values: [nif, phone, email], askedMs, doneMs: code === 0 ? Date.now() : null });
    return true;
  }

  let working: Promise<void> | null = null;
  return {
    erased,
    begin() {
      working ??= work();
    },
    isDone: () => left.length === 0,
    lastNight: night,
    async stop() {
      stopping.abort();
      await working;
    },
  };
}

async function ofUnknownEnd(world: World, files: readonly PartnerFile[]): Promise<string | null> {
  const [found] = await ask<{ sha256: string; line: number }>(
    world,
    `select f.sha256, r.row_number - 1 as line from ledger_row r join file f on f.id = r.file_id
     where r.kind = 'lead' and r.state in ('submitting', 'in_doubt') and r.erasure_id is null
       and not exists (select from erasing_row x where x.row_id = r.id) order by random() limit 1`,
  );
  const file = files.find(({ sha256 }) => sha256 === found?.sha256);
  return file?.lines[(found?.line ?? 0) - 1]?.partnerLeadId ?? null;
}

async function erasures(world: World): Promise<number> {
  const [one] = await ask<{ n: number }>(world, 'select count(*)::int as n from erasure');
  return one?.n ?? 0;
}

/** For retention these files and their rows are two days older, also what is at work: that must stay whatever its age. */
async function letDaysPass(world: World, files: readonly string[]): Promise<void> {
  const these = `select id from file where sha256 = any ($1)`;
  for (const statement of [
    `update ledger_row set updated_at = updated_at - interval '2 days' where id in
      (select id from ledger_row where file_id in (${these}) order by id for no key update skip locked)`,
    `update file set arrived_at = arrived_at - interval '2 days', settled_at = settled_at - interval '2 days'
      where id in (${these} for no key update skip locked)`,
    `update retention_file set next_at = clock_timestamp() where next_at <> 'infinity' and file_id in (${these})`,
  ])
    await ask(world, statement, [files]);
}

async function ask<Row extends pg.QueryResultRow>(
  world: World,
  statement: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: world.postgres.url(), connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(statement, [...values])).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
