import { openLeadRowStates } from '../../../src/domain/lead-row.ts';
import { openStatusUpdateStates } from '../../../src/domain/status-update.ts';
import { isOneOf, type StoredFile, type StoredRow, type Tables, writeAudit } from './tables.ts';

const openStates: readonly string[] = [...openLeadRowStates, ...openStatusUpdateStates];

/** The end of a file: what its result would say, without the result. */
export interface MemorySettling {
  filesToSettle(): Promise<readonly Pick<StoredFile, 'id' | 'resultVersion'>[]>;
  /** Issues the result of a file none of whose rows is open. */
  settle(fileId: string): Promise<void>;
}

export function createMemorySettling(tables: Tables): MemorySettling {
  const rowsOf = (fileId: string): readonly StoredRow[] =>
    [...tables.rows.values()].filter((row) => row.fileId === fileId);
  const isOpen = (row: StoredRow): boolean => {
    if (isOneOf(openStates, row.state)) return true;
    const original = row.state === 'duplicate' ? tables.rows.get(row.duplicateOf ?? '') : undefined;
    return original !== undefined && isOneOf(openStates, original.state);
  };
  const movesOf = (fileId: string): number =>
    [...tables.tallies.values()].reduce((sum, tally) => sum + (tally.fileId === fileId ? tally.moves : 0), 0);

  return {
    async filesToSettle() {
      return [...tables.files.values()]
        .filter((file) => file.state === 'read' || (file.state === 'settled' && file.resultMoves !== movesOf(file.id)))
        .filter((file) => !rowsOf(file.id).some(isOpen));
    },
    async settle(fileId) {
      const file = tables.files.get(fileId);
      const rows = rowsOf(fileId);
      if (file === undefined || (file.state !== 'read' && file.state !== 'settled') || rows.some(isOpen)) return;
      const moves = rows.reduce((sum, row) => sum + row.version, 0);
      if (file.state === 'settled' && file.resultMoves === moves) return;
      file.state = 'settled';
      file.resultMoves = moves;
      file.resultVersion += 1;
      writeAudit(tables, { actor: 'worker', action: 'file.settled', fileId, to: 'settled' });
    },
  };
}
