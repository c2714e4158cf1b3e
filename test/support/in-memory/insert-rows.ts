import type { NewRow } from '../../../src/app/ports/ledger.ts';
import { judgeAgainst, recheckNotManagedMs } from '../../../src/domain/earlier-row.ts';
import { rowKindsOf } from '../../../src/domain/file-life.ts';
import { endedLeadRowStates, type LeadRowState } from '../../../src/domain/lead-row.ts';
import { checkRow, checkUnique, holdsIdentity, RefusedStatement } from './constraints.ts';
import { cancelReplaced } from './follow-leads.ts';
import type { LedgerSafeguard } from './safeguards.ts';
import { count, isOneOf, type StoredFile, type StoredRow, type Tables, writeAudit } from './tables.ts';

export type InsertRows = (fileId: string, rows: readonly NewRow[], lastRow: number, actor: string) => Promise<void>;

/** Rows and checkpoint together; a row of a lead that was seen before is judged against the latest row of that lead. */
export function createMemoryInsertRows(tables: Tables, without: ReadonlySet<LedgerSafeguard>): InsertRows {
  return async (fileId, rows, lastRow, actor) => {
    const file = tables.files.get(fileId);
    if (file === undefined || file.state !== 'reading' || lastRow <= file.lastRow) return;
    const recheckMs = recheckNotManagedMs;
    for (const row of rows.filter((one) => one.rowNumber > file.lastRow)) {
      const written = writeJudged(tables, file, row, { actor, recheckMs, without });
      count(tables, file.id, written.state, 1, 0);
    }
    file.lastRow = lastRow;
    writeAudit(tables, { actor, action: 'rows.read', fileId: file.id });
  };
}

interface Rules {
  readonly actor: string;
  readonly recheckMs: number;
  readonly without: ReadonlySet<LedgerSafeguard>;
}

function writeJudged(tables: Tables, file: StoredFile, row: NewRow, { actor, recheckMs, without }: Rules): StoredRow {
  const earlier = row.identity === null ? undefined : latestOf(tables, file.partner, row.identity);
  const judged =
    earlier === undefined
      ? judgeAgainst(null, recheckMs)
      : judgeAgainst(
          {
            state: earlier.state as LeadRowState,
            code: earlier.code,
            sameContent: earlier.content === row.content,
            sameConfig: configOf(tables, earlier) === file.configVersion,
            ageMs: tables.now() - earlier.updatedAt,
          },
          recheckMs,
        );
  if (judged.kind === 'work' || earlier === undefined) {
    const written = insert(tables, newRow(tables, file, row), without);
    if (judged.kind === 'work' && judged.replaces && earlier !== undefined) cancelReplaced(tables, [earlier.id], actor);
    return written;
  }
  const code = judged.kind === 'held' ? 'ROW_LEAD_CHANGE_HELD' : judged.code;
  if (!isOneOf(['registered', 'abandoned'], earlier.state)) earlier.followed = true;
  const duplicate: StoredRow = {
    ...newRow(tables, file, row),
    state: 'duplicate',
    code,
    duplicateOf: earlier.id,
    nextAt: null,
  };
  return insert(tables, duplicate, without);
}

/** The row that holds the lead, else the newest that ended without one. */
function latestOf(tables: Tables, partner: string, identity: string): StoredRow | undefined {
  const same = [...tables.rows.values()].filter(
    (row) => row.kind === 'lead' && row.partner === partner && row.identity === identity,
  );
  return same.find(holdsIdentity) ?? same.findLast((row) => isOneOf(endedLeadRowStates, row.state));
}

function configOf(tables: Tables, row: StoredRow): string | null {
  return row.fileId === null ? null : (tables.files.get(row.fileId)?.configVersion ?? null);
}

function insert(tables: Tables, row: StoredRow, without: ReadonlySet<LedgerSafeguard>): StoredRow {
  for (const other of tables.rows.values()) {
    if (
      row.fileId !== null &&
      other.fileId === row.fileId &&
      other.rowNumber === row.rowNumber &&
      other.kind === row.kind
    )
      throw new RefusedStatement('23505', 'row_of_file');
  }
  checkRow(row);
  checkUnique(tables, row, without);
  tables.rows.set(row.id, row);
  return row;
}

function newRow(tables: Tables, file: StoredFile, row: NewRow): StoredRow {
  const kind = row.kind ?? rowKindsOf(file.kind)[0] ?? 'lead';
  return {
    ...blankRow(tables, row),
    kind,
    partner: file.partner,
    fileId: file.id,
    rowNumber: row.rowNumber,
    leadRow: kind === 'update' ? leadNamedBy(tables, file, row) : null,
    arrivedAt: file.arrivedAt,
  };
}

/** What every new row has, of a file or by hand. */
export function blankRow(tables: Tables, row: Omit<NewRow, 'rowNumber'>): StoredRow {
  const now = tables.now();
  return {
    id: String(tables.rows.size + 1),
    kind: 'lead',
    partner: '',
    fileId: null,
    rowNumber: null,
    state: row.state,
    step: null,
    version: 0,
    fence: 0,
    attempts: 0,
    tryingSince: null,
    nextAt: null,
    code: row.code,
    keyId: row.keyId,
    payload: row.payload,
    problems: row.problems,
    warnings: row.warnings,
    duplicateOf: null,
    leadRow: null,
    leadId: row.leadId,
    idLanding: null,
    clientAnswer: null,
    checkedAt: null,
    agenteId: null,
    message: null,
    holder: null,
    attemptId: null,
    intentAt: null,
    replays: 0,
    endedJob: null,
    redeliveries: 0,
    createdAt: now,
    updatedAt: now,
    arrivedAt: now,
    identity: row.identity,
    content: row.content,
    partnerLeadId: row.partnerLeadId,
    orderKey: row.orderKey,
    isFinal: row.isFinal,
    followed: false,
    lateUntil: null,
    mayBeSet: false,
  };
}

/** An update is joined to its lead when it is written already, or two updates of one lead would not see each other. */
function leadNamedBy(tables: Tables, { partner }: StoredFile, row: NewRow): string | null {
  const leads = [...tables.rows.values()].filter((lead) => lead.kind === 'lead' && lead.partner === partner);
  if (row.leadId !== null) return leads.find((lead) => lead.leadId === row.leadId)?.id ?? null;
  if (row.partnerLeadId === null) return null;
  return leads.findLast((lead) => lead.partnerLeadId === row.partnerLeadId && holdsIdentity(lead))?.id ?? null;
}
