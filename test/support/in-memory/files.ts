import type { FileKind } from '../../../src/domain/file-life.ts';
import { cancel } from './follow-leads.ts';
import { isOneOf, type Tables, writeAudit } from './tables.ts';

/** Of files only what the life of their rows depends on: that they were read to the end, and that they can be turned away. */
export interface MemoryFiles {
  /** A new file that is about to be read; its id. */
  addFile(file: { readonly partner: string; readonly kind: FileKind; readonly configVersion: string }): string;
  startReading(id: string): void;
  /** Rows are due from now on. */
  finishReading(id: string): void;
  /** Turned away: its rows that are not under way are cancelled. */
  quarantine(id: string, actor: string): void;
}

export function createMemoryFiles(tables: Tables): MemoryFiles {
  const move = (id: string, from: readonly string[], to: 'reading' | 'read' | 'quarantined'): boolean => {
    const file = tables.files.get(id);
    if (file === undefined || !from.includes(file.state)) return false;
    file.state = to;
    writeAudit(tables, { actor: 'intake', action: `file.${to}`, fileId: id, to });
    return true;
  };

  return {
    addFile(file) {
      const id = String(tables.files.size + 1);
      tables.files.set(id, {
        ...file,
        id,
        arrivedAt: tables.now(),
        state: 'arrived',
        lastRow: 1,
        resultVersion: 0,
        resultMoves: null,
      });
      writeAudit(tables, { actor: 'intake', action: 'file.arrived', fileId: id, to: 'arrived' });
      return id;
    },
    startReading: (id) => void move(id, ['arrived'], 'reading'),
    finishReading(id) {
      if (!move(id, ['reading'], 'read')) return;
      for (const row of tables.rows.values()) {
        if (row.fileId === id && row.state === 'received') row.nextAt ??= tables.now();
      }
    },
    quarantine(id, actor) {
      if (!move(id, ['arrived', 'reading'], 'quarantined')) return;
      // Rows already under way stay: what was announced or sent can't be taken back with the file.
      for (const row of tables.rows.values()) {
        if (row.fileId === id && isOneOf(['received', 'waiting', 'checked'], row.state))
          cancel(tables, row, 'FILE_CHANGED_WHILE_READ', actor);
      }
    },
  };
}
