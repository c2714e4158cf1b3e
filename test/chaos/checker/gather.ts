import { glob, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pg from 'pg';
import { partner } from '../world/partner-files.ts';
import { readTaken } from '../world/witness.ts';
import type { World } from '../world/world.ts';
import type { AuditEvidence, Evidence, ResultLine, RowEvidence, SpoolEvidence, Writing } from './evidence.ts';
import { readKept } from './kept.ts';

/** Reads the four places: the API's record, the ledger's tables, the audit log and the files, the spools among them. */
export async function gather(
  world: World,
  known: Pick<Evidence, 'erased' | 'files' | 'operator' | 'restoredAtMs'>,
): Promise<Evidence> {
  const client = new pg.Client({ connectionString: world.postgres.url() });
  await client.connect();
  try {
    const { rows } = await client.query<RowEvidence>(rowsQuery);
    const { rows: audit } = await client.query<AuditEvidence>(auditQuery);
    const { rows: ids } = await client.query<{ id: string; sha256: string }>('select id::text, sha256 from file');
    const { rows: notes } = await client.query<{ action: string; times: number }>(
      'select action, count(*)::int as times from audit_event where row_id is null group by action',
    );
    const spools = await readSpools(world);
    const { rows: removed } = await client.query<{ sha256: string }>(
      `select f.sha256 from audit_event a join file f on f.id = a.file_id
       where a.action = 'file.removed' and a.detail ->> 'what' = 'results'`,
    );
    const withoutResults = new Set(removed.map(({ sha256 }) => sha256));
    // A second name for writes that come late is taken away after a day: these files are older only by the ledger.
    const isOld = (place: string): boolean => withoutResults.has(/\.late\/([\da-f]{64})-/.exec(place)?.[1] ?? '');
    const isErasing = known.erased.length > 0;
    return {
      ...known,
      truth: world.api.truth(),
      rows,
      audit,
      results: await readResults(world, new Map(ids.map(({ id, sha256 }) => [id, sha256]))),
      notes: new Map(notes.map(({ action, times }) => [action, times])),
      taken: isErasing ? await readTaken(client) : [],
      withoutResults,
      kept: isErasing ? (await readKept(world)).filter(({ place }) => !isOld(place)) : [],
      spool: spools.flatMap(({ text }) => parseSpool(text)),
      writings: [...spools, ...(await logs(world)), ...(await toldToQueue(world, client)), ...(await names(world))],
    };
  } finally {
    await client.end();
  }
}

// Row numbers are lines of the file: the header is the first.
const rowsQuery = `select r.id::text, r.kind, f.sha256, r.row_number - 1 as line, r.state, r.version, r.lead_id as "leadId",
  r.attempt_id::text as "requestId" from ledger_row r left join file f on f.id = r.file_id`;
const auditQuery = `select row_id::text as "rowId", extract(epoch from at)::float8 * 1000 as "atMs", action,
  from_state as "from", to_state as "to", version, coalesce(detail ? 'reconcile', false) as "byListing" from audit_event where row_id is not null order by seq`;

/** The newest result of each file of a partner, by the file's SHA-256. */
export async function readResults(
  { home }: World,
  shaOf: ReadonlyMap<string, string>,
  of = partner,
): Promise<ReadonlyMap<string, readonly ResultLine[]>> {
  const results = new Map<string, readonly ResultLine[]>();
  for await (const path of glob('*.results.csv', { cwd: join(home, 'outbox', of) })) {
    const id = /\.(\d+)\.results\.csv$/.exec(path)?.[1] ?? '';
    const text = await readFile(join(home, 'outbox', of, path), 'utf8');
    results.set(shaOf.get(id) ?? path, parseResult(text));
  }
  return results;
}

/** No cell of these files holds a delimiter or a line break. */
function parseResult(text: string): readonly ResultLine[] {
  const [header = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n');
  const columns = header.split(';');
  const cell = (cells: readonly string[], name: string): string => cells[columns.indexOf(name)] ?? '';
  return lines.map((line) => {
    const cells = line.split(';');
    return { row: cell(cells, 'row'), outcome: cell(cells, 'outcome'), leadId: cell(cells, 'leadId') };
  });
}

async function readSpools({ spools }: World): Promise<readonly Writing[]> {
  const found = await Promise.all(
    spools.map(async (folder) => (await readdir(folder).catch(() => [])).map((name) => join(folder, name))),
  );
  return Promise.all(found.flat().map(async (path) => ({ place: 'a spool', text: await readFile(path, 'utf8') })));
}

/** A line that a kill cut off was nobody's yet. */
function parseSpool(text: string): readonly SpoolEvidence[] {
  return text.split('\n').flatMap((line): readonly SpoolEvidence[] => {
    if (!line.startsWith('{"at"') || !line.endsWith('}')) return [];
    const { sent, answered, outcome, leadId } = JSON.parse(line) as Record<string, string | null>;
    if (typeof sent === 'string') return [{ kind: 'sent', requestId: sent }];
    return typeof answered === 'string'
      ? [{ kind: 'answered', requestId: answered, outcome: outcome ?? '', leadId: leadId ?? null }]
      : [];
  });
}

async function logs({ folder }: World): Promise<readonly Writing[]> {
  const found = await Array.fromAsync(
    glob(['worker-*.log', 'postgres/postgres.log', 'redis/redis.log'], { cwd: folder }),
  );
  return Promise.all(found.map(async (name) => ({ place: name, text: await readFile(join(folder, name), 'latin1') })));
}

/** All that Redis was ever told, or the tables of BullMQ as they are. */
async function toldToQueue({ redis }: World, client: pg.Client): Promise<readonly Writing[]> {
  if (redis !== null) {
    const found = await Array.fromAsync(glob('**/*.{aof,rdb}', { cwd: redis.folder }));
    return Promise.all(
      found.map(async (name) => ({
        place: `redis ${basename(name)}`,
        text: await readFile(join(redis.folder, name), 'latin1'),
      })),
    );
  }
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and (table_name like 'bullmq%' or table_schema like 'bullmq%')`,
  );
  const writings: Writing[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ text: string }>(`select t::text as text from ${name} t`);
    writings.push({ place: name, text: rows.map(({ text }) => text).join('\n') });
  }
  return writings;
}

async function names({ home }: World): Promise<readonly Writing[]> {
  const text = (await readdir(home, { recursive: true })).join('\n');
  return [{ place: 'the names of files', text }];
}
