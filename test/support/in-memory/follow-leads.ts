import type { WorkLedger } from '../../../src/app/ports/ledger.ts';
import { judgeFollower } from '../../../src/domain/earlier-row.ts';
import { type LeadRowState, openLeadRowStates } from '../../../src/domain/lead-row.ts';
import { holdsIdentity } from './constraints.ts';
import { count, isOneOf, type StoredRow, type Tables, writeAudit } from './tables.ts';

/** Tells the duplicates of rows that have ended, and sends the newest held correction to work where no lead came of it. */
export function createMemoryFollowLeads(tables: Tables): WorkLedger['followLeads'] {
  return async (actor) => {
    const ended = tables.ended.splice(0, 200);
    const followers = [...new Set(ended)]
      .map((id) => mustRow(tables, id))
      .filter((original) => !isOneOf(openLeadRowStates, original.state))
      .flatMap((original) => followersOf(tables, original))
      .toSorted((one, other) => Number(one.row.id) - Number(other.row.id));
    const released = new Map<string, StoredRow>();
    for (const { row, original } of followers) {
      if (verdict(row, original) === 'work') released.set(original.id, row);
    }
    const changed = new Set(
      followers.filter(({ row, original }) => verdict(row, original) === 'lead_changed').map(({ row }) => row.id),
    );
    for (const [of, newest] of released) {
      const rest = followers.filter(
        ({ row, original }) => original.id === of && row !== newest && verdict(row, original) === 'work',
      );
      release(tables, of, { newest, rest: rest.map(({ row }) => row) }, actor);
    }
    const gone = new Set([...released.values()].map((row) => row.id));
    for (const { row } of followers.filter((follower) => !gone.has(follower.row.id))) {
      row.version += 1;
      row.updatedAt = tables.now();
      if (changed.has(row.id)) row.code = 'ROW_LEAD_CHANGED';
      count(tables, row.fileId, 'duplicate', 0, 1);
      writeAudit(tables, { actor, action: 'row.original_ended', ...told(row) });
    }
    return ended.length;
  };
}

interface Follower {
  readonly row: StoredRow;
  readonly original: StoredRow;
}

function followersOf(tables: Tables, original: StoredRow): readonly Follower[] {
  return [...tables.rows.values()]
    .filter((row) => row.duplicateOf === original.id && row.state === 'duplicate')
    .map((row) => ({ row, original }));
}

function verdict(row: StoredRow, original: StoredRow): ReturnType<typeof judgeFollower> {
  const held = row.code === 'ROW_LEAD_CHANGE_HELD';
  return judgeFollower({ held, state: original.state as LeadRowState, code: original.code });
}

/** duplicate → received, unless another row has taken the lead meanwhile; then it stays held, behind that one. */
function release(
  tables: Tables,
  of: string,
  { newest, rest }: { readonly newest: StoredRow; readonly rest: readonly StoredRow[] },
  actor: string,
): void {
  const rows = [...tables.rows.values()];
  const holder = rows.find(
    (row) => holdsIdentity(row) && row.partner === newest.partner && row.identity === newest.identity,
  );
  if (holder !== undefined) {
    pointTo(holder, [newest, ...rest], 'ROW_LEAD_CHANGE_HELD');
    if (!isOneOf(openLeadRowStates, holder.state)) tables.ended.push(holder.id);
    return;
  }
  newest.state = 'received';
  newest.code = null;
  newest.duplicateOf = null;
  newest.version += 1;
  newest.nextAt = newest.updatedAt = tables.now();
  count(tables, newest.fileId, 'duplicate', -1, 0);
  count(tables, newest.fileId, 'received', 1, 1);
  writeAudit(tables, { actor, action: 'row.released', from: 'duplicate', to: 'received', ...told(newest) });
  pointTo(newest, rest, 'ROW_REPLACED');
  if (mustRow(tables, of).state === 'failed') cancelReplaced(tables, [of], actor);
}

/** `code` is that of the duplicates that say something else than the row they point to from now on. */
function pointTo(to: StoredRow, rows: readonly StoredRow[], code: NonNullable<StoredRow['code']>): void {
  for (const row of rows) {
    row.duplicateOf = to.id;
    row.code = row.content === to.content ? 'ROW_DUPLICATE' : code;
  }
  if (rows.length > 0) to.followed = true;
}

/** failed → cancelled: a newer row of the same lead is at work. */
export function cancelReplaced(tables: Tables, ids: readonly string[], actor: string): void {
  for (const row of ids.map((id) => mustRow(tables, id)).filter((one) => one.state === 'failed')) {
    cancel(tables, row, 'ROW_REPLACED', actor);
  }
}

/** → cancelled, by something that is no move of the row's own. */
export function cancel(tables: Tables, row: StoredRow, code: NonNullable<StoredRow['code']>, actor: string): void {
  const from = row.state;
  row.state = 'cancelled';
  row.code = code;
  row.version += 1;
  row.nextAt = null;
  row.updatedAt = tables.now();
  count(tables, row.fileId, from, -1, 0);
  count(tables, row.fileId, 'cancelled', 1, 1);
  if (row.followed) tables.ended.push(row.id);
  writeAudit(tables, { actor, action: 'row.cancelled', from, to: 'cancelled', ...told(row) });
}

function told(row: StoredRow) {
  const { fileId, id: rowId, fence, version, code } = row;
  return { fileId, rowId, fence, version, code };
}

function mustRow(tables: Tables, id: string): StoredRow {
  const row = tables.rows.get(id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
}
