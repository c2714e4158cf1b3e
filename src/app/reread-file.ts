import type { FaultCode } from '../domain/faults.ts';
import type { Partner } from '../domain/partner.ts';
import { claimFile, type ActOnSeen, type ClaimPorts } from './claim-file.ts';
import { isOver, refusal, wasRead, type FileAct, type RefusedAct } from './file-act.ts';
import { foreseeFile, type ForeseenRecord, type ForeseePorts } from './foresee-file.ts';
import type { Ports } from './ports.ts';
import type { LedgerFile } from './ports/ledger.ts';
import type { FileRecord } from './ports/record-reader.ts';
import type { RowState } from './ports/row.ts';

type RereadPorts = ForeseePorts & Pick<Ports, 'folders' | 'partners'>;

/** What becomes of a row that is read again. */
export type RereadEnd =
  /** What the earlier reading has made of it counts. */
  | 'stays'
  /** It goes to work. */
  | 'work'
  | 'rejected'
  /** It repeats another row. */
  | 'duplicate';

export interface RereadChange {
  /** Its state by the earlier reading. Null: that had no such row. */
  readonly from: RowState | null;
  readonly to: RereadEnd;
  readonly code: FaultCode | null;
  readonly rows: number;
}

export type RereadPreview =
  | { readonly kind: 'looked'; readonly file: LedgerFile; readonly changes: readonly RereadChange[] }
  /** The mapping in force can't read the file. */
  | { readonly kind: 'unreadable'; readonly file: LedgerFile; readonly code: FaultCode };

/**
 * What reading a file's archived bytes again, with the mapping in force now, would change row by row. Rows that have ended
 * stay ended; those that were not sent give way to their new reading. Nothing is written down.
 */
export async function previewReread(
  ports: RereadPorts,
  id: string,
  seen?: (record: FileRecord) => void,
): Promise<RereadPreview | RefusedAct> {
  const found = await findArchived(ports, id);
  if (found.kind === 'refused') return found;
  const { file, path, partner } = found;
  const foreseen = await foreseeFile(ports, { path, partner, kind: file.kind, insteadOf: id }, seen);
  if (foreseen.kind === 'refused') return { kind: 'unreadable', file, code: foreseen.code };
  const changes = new Map<string, { from: RowState | null; to: RereadEnd; code: FaultCode | null; rows: number }>();
  for await (const batch of foreseen.batches) {
    const [first, last] = [batch[0]?.rowNumber ?? 0, batch.at(-1)?.rowNumber ?? 0];
    const outcomes = await ports.ledger.outcomes(id, first, last);
    const before = new Map(outcomes.map(({ kind, rowNumber, state }) => [`${kind} ${rowNumber}`, state]));
    for (const record of batch) {
      const from = before.get(`${record.row.kind ?? ''} ${record.rowNumber}`) ?? null;
      const [to, code] = endOf(record, id, from);
      const key = `${from ?? ''} ${to} ${code ?? ''}`;
      const change = changes.get(key) ?? { from, to, code, rows: 0 };
      change.rows += 1;
      changes.set(key, change);
    }
  }
  return { kind: 'looked', file, changes: [...changes.values()].toSorted((a, b) => b.rows - a.rows) };
}

/** Its own earlier reading is what such a row repeats: nothing changes. */
function endOf(
  { becomes, code, original, rowNumber }: ForeseenRecord,
  id: string,
  from: RowState | null,
): readonly [RereadEnd, FaultCode | null] {
  const isOwn = original !== null && 'id' in original && original.fileId === id && original.rowNumber === rowNumber;
  // An update has no row that it would point to: what was pushed is what it repeats.
  if (becomes === 'duplicate' && (isOwn || from === 'duplicate' || from === 'pushed')) return ['stays', null];
  return [becomes, code];
}

/**
 * Reads a file's archived bytes again as a file of its own, with the mapping in force now. The earlier reading is held
 * claimed, so that one alone does it, then held, and its unsent rows are cancelled, so that no row is sent under both; what
 * was announced comes to its end. A person has seen the preview, so nothing holds the new reading but `firstRows`. A crash
 * on the way leaves the earlier one held, and the command may be repeated.
 */
export async function rereadFile(
  ports: RereadPorts & ClaimPorts,
  id: string,
  { seen, ...act }: ActOnSeen,
  done: (rows: number) => void = () => undefined,
): Promise<FileAct<{ readonly readAs: LedgerFile }>> {
  const { folders, ledger } = ports;
  const found = await findArchived(ports, id);
  if (found.kind === 'refused') return found;
  const { file, path, partner } = found;
  const refused = await claimFile(ports, file, 'reread', { ...act, seen });
  if (refused !== null) return refused;
  if (file.state !== 'held' || file.letThroughTo > 0) await ledger.holdFile(id, act);
  await ledger.cancelRows(id, 'FILE_REREAD', act, { done });
  const claimed = await folders.claimCopy(partner.id, path);
  const { file: readAs } = await ledger.acceptFile({
    partner: partner.id,
    kind: file.kind,
    keyId: file.keyId,
    name: file.name,
    sha256: claimed.sha256,
    bytes: claimed.bytes,
    configVersion: partner.version,
    dueAt: null,
    // It stands in for the first reading, wherever that is counted.
    ...(file.night === null ? {} : { night: file.night }),
    again: true,
    isLetThrough: true,
    rereads: id,
    actor: act.actor,
  });
  await ledger.noteReread(id, readAs.id, act);
  const closed = await ledger.closeCancelled(id, act);
  return { kind: 'done', file: closed ?? file, readAs };
}

type Archived =
  | { readonly kind: 'found'; readonly file: LedgerFile; readonly path: string; readonly partner: Partner }
  | RefusedAct;

async function findArchived({ folders, ledger, partners }: RereadPorts, id: string): Promise<Archived> {
  const file = await ledger.file(id);
  if (file === null) return refusal('no_file', null);
  if (isOver(file)) return refusal('over', file);
  if (!wasRead(file)) return refusal('not_read', file);
  const partner = partners.get(file.partner);
  if (partner === null) return refusal('no_config', file);
  const path = await folders.archivedAt(file.partner, id);
  return path === null ? refusal('not_here', file) : { kind: 'found', file, path, partner };
}
