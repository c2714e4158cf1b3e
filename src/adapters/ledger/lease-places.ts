import { sql } from 'kysely';
import { placesFor, type PlaceHolder } from '../../domain/share-places.ts';
import type { LedgerDatabase } from './database.ts';
import type { Lease } from './places.ts';

/** What one process is about to say of itself. */
export interface PlaceWish {
  readonly instance: string;
  readonly underWay: number;
  readonly wants: number;
}

/** A holder as it is kept, in JSON; times by the database's clock. */
interface KeptHolder {
  readonly instance: string;
  readonly places: number;
  readonly wants: number;
  readonly seenAt: number;
}

/**
 * Writes down that a process is there and what it wants, and answers how many calls it may have under way from now on
 * (share-places.ts: what it holds, and the share that it comes down to). A compare-and-set on one row, repeated where another process was quicker: nobody who is frozen
 * between reading and writing holds a lock, and what it then writes is refused or counts as old.
 */
export async function leasePlaces(
  db: LedgerDatabase,
  account: string,
  me: PlaceWish,
  { limit, deadAfterMs }: { readonly limit: number; readonly deadAfterMs: number },
): Promise<Lease> {
  for (;;) {
    const { version, holders, nowMs } = await read(db, account);
    const all = holders.map(({ seenAt, ...holder }): PlaceHolder => ({ ...holder, silentMs: nowMs - seenAt }));
    const turn = Math.floor(nowMs / turnMs);
    const { places, share, others } = placesFor(me, all, { limit, turn, deadAfterMs });
    const mine = { instance: me.instance, places, wants: me.wants, seenAt: nowMs };
    const alive = new Set(others.map((holder) => holder.instance));
    const next: readonly KeptHolder[] = [
      ...holders.filter((holder) => alive.has(holder.instance)),
      ...(places > 0 || me.wants > 0 ? [mine] : []),
    ];
    const { numAffectedRows } = await sql`
      update api_places set version = version + 1, holders = ${JSON.stringify(next)}::jsonb
      where account = ${account} and version = ${version}`.execute(db);
    if (numAffectedRows === 1n) return { places, share };
  }
}

/** What is left over of equal parts goes to others after so long. */
const turnMs = 1_000;

interface Kept {
  readonly version: string;
  readonly holders: readonly KeptHolder[];
  readonly nowMs: number;
}

async function read(db: LedgerDatabase, account: string): Promise<Kept> {
  const look = sql<Kept>`
    select version::text as version, holders, (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs"
    from api_places where account = ${account}`;
  const [kept] = (await look.execute(db)).rows;
  if (kept !== undefined) return kept;
  await sql`insert into api_places (account) values (${account}) on conflict do nothing`.execute(db);
  return read(db, account);
}
