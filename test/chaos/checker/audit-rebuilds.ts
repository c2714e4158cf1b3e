import type { AuditEvidence, Check, RowEvidence, Wrong } from './evidence.ts';

/** Every move has one audit event, in order, and playing them again gives the state that the row is in. */
export const auditRebuilds: Check = ({ rows, audit }) => {
  const byRow = Map.groupBy(audit, ({ rowId }) => rowId);
  return rows.flatMap((row) => replay(row, byRow.get(row.id) ?? []));
};

function replay(row: RowEvidence, events: readonly AuditEvidence[]): readonly Wrong[] {
  const moves = events.filter(({ to }) => to !== null);
  const say = (detail: string): readonly Wrong[] => [{ rule: 'audit', detail: `row ${row.id}: ${detail}` }];
  let version = row.version - moves.length - events.filter(isWrittenAnew).length;
  if (version !== 0) return say(`${row.version} moves, ${moves.length} audit events`);
  // A row that was entered for a lead of a lost file comes from nowhere.
  let state = moves[0] === undefined ? row.state : moves[0].from;
  for (const event of events) {
    const { action, from, to, version: at } = event;
    if (isWrittenAnew(event)) version += 1;
    if (to === null) continue;
    version += 1;
    if (from !== state || at !== version) return say(`${action} from ${from} at ${at}, was ${state} at ${version}`);
    if (state === 'registered') return say(`${action} moved a registered row`);
    state = to;
  }
  return state === row.state ? [] : say(`played again it is ${state}, not ${row.state}`);
}

/** Without a change of state: a duplicate whose original has ended, and what has ended and lost its person. */
function isWrittenAnew({ action, to }: AuditEvidence): boolean {
  return to === null && (action === 'row.original_ended' || action === 'row.erased');
}
