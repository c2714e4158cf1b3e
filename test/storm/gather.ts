import pg from 'pg';
import type { TruthEntry } from '../chaos/api/truth.ts';
import type { ResultLine } from '../chaos/checker/evidence.ts';
import { readResults } from '../chaos/checker/gather.ts';
import type { World } from '../chaos/world/world.ts';
import { owner, stranger, type StormFile, type Variant } from './storm-files.ts';

/** All that the checker looks at: the partners' files, the API's record, the ledger's tables and the result files. */
export interface StormEvidence {
  readonly variant: Variant;
  readonly files: readonly StormFile[];
  readonly truth: readonly TruthEntry[];
  readonly rows: readonly StormRow[];
  /** Of updates alone. */
  readonly attempts: readonly StormAttempt[];
  /** By partner and SHA-256 of the file. */
  readonly results: ReadonlyMap<string, readonly ResultLine[]>;
}

export interface StormRow {
  readonly id: string;
  readonly kind: 'lead' | 'update';
  readonly partner: string;
  /** Of its file. */
  readonly sha256: string;
  /** Its line in the file, from 1 below the header. */
  readonly line: number;
  readonly state: string;
  readonly code: string | null;
  readonly leadId: string | null;
}

export interface StormAttempt {
  readonly id: string;
  readonly rowId: string;
  /** What the worker saw of the call's end. Null: nobody lived to write it down. */
  readonly outcome: string | null;
  readonly begunMs: number;
  readonly endedMs: number | null;
}

export const fileKey = (partner: string, sha256: string): string => `${partner} ${sha256}`;

const rowsQuery = `select r.id::text, r.kind, r.partner, f.sha256, r.row_number - 1 as line, r.state, r.code,
  r.lead_id as "leadId" from ledger_row r join file f on f.id = r.file_id order by r.id`;
const attemptsQuery = `select id::text, row_id::text as "rowId", outcome,
  extract(epoch from begun_at)::float8 * 1000 as "begunMs", extract(epoch from ended_at)::float8 * 1000 as "endedMs"
  from attempt where step = 'push'`;

export async function gather(world: World, variant: Variant, files: readonly StormFile[]): Promise<StormEvidence> {
  const client = new pg.Client({ connectionString: world.postgres.url() });
  await client.connect();
  try {
    const { rows } = await client.query<StormRow>(rowsQuery);
    const { rows: attempts } = await client.query<StormAttempt>(attemptsQuery);
    const { rows: ids } = await client.query<{ id: string; sha256: string }>('select id::text, sha256 from file');
    const shaOf = new Map(ids.map(({ id, sha256 }) => [id, sha256]));
    const results = new Map<string, readonly ResultLine[]>();
    for (const partner of [owner, stranger])
      for (const [sha256, lines] of await readResults(world, shaOf, partner))
        results.set(fileKey(partner, sha256), lines);
    return { variant, files, truth: world.api.truth(), rows, attempts, results };
  } finally {
    await client.end();
  }
}
