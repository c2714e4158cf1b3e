import type { FileProfile } from '../../domain/drift.ts';
import type { FaultCode } from '../../domain/faults.ts';
import type { RowKind } from '../../domain/file-life.ts';
import type { LedgerFile, NewRow } from './ledger.ts';
import type { LedgerRow, RowState } from './row.ts';

/** Who does something to a file, and why. Both are audited. */
export interface Act {
  readonly actor: string;
  readonly reason: string;
}

/** Files that wait for a person, and what a person does with a file. */
export interface HeldFiles {
  /**
   * arrived, reading, read, settled → held; a file that is held otherwise is held for this from now on. From the commit
   * on no call of it begins: each announces itself in the ledger first, and is refused. Null: it is in another state, or a
   * person holds it already.
   */
  holdFile(id: string, act: Act): Promise<LedgerFile | null>;
  /** held → where it was; its rows go to work again, each when it is due. Null: it is not held. */
  releaseFile(id: string, act: Act): Promise<LedgerFile | null>;
  /** held → rejected. Null: it is not held. */
  rejectFile(id: string, act: Act): Promise<LedgerFile | null>;
  /** held → where it was, and none of its rows goes to work by itself any more. Null: it is not held, or was not read. */
  closeCancelled(id: string, act: Act): Promise<LedgerFile | null>;
  /**
   * Cancels a file's rows of which nothing was sent; with `failed` those that have failed, too. What was announced stays.
   * May be repeated; `done` is told how many so far. Answers how many.
   */
  cancelRows(
    id: string,
    code: FaultCode,
    act: { readonly actor: string; readonly reason: string | null },
    more?: { readonly failed?: boolean; readonly done?: (rows: number) => void },
  ): Promise<number>;
  /** Notes on a file that it was read again as another. */
  noteReread(id: string, readAs: string, act: Act): Promise<void>;
  /** The accepted files of the same partner and kind before this one, newest first. */
  profilesBefore(file: Pick<LedgerFile, 'id' | 'partner' | 'kind'>, limit: number): Promise<readonly FileProfile[]>;
  /** The most rows of a file that differ and are one lead. */
  mostRowsOfOneLead(fileId: string): Promise<number>;
  /** Was a file of this kind settled under this version of the partner's config? */
  isConfigProven(partner: string, kind: string, configVersion: string): Promise<boolean>;
  /**
   * What would become of rows, read and nothing written. Rows of the same batch are not compared with each other, but for an
   * update of a mixed file, whose record's lead has to be in its batch.
   */
  foresee(
    of: { readonly partner: string; readonly configVersion: string },
    rows: readonly NewRow[],
    more?: {
      readonly recheckNotManagedMs?: number;
      /** The file whose unsent rows would be cancelled first. */
      readonly insteadOf?: string;
    },
  ): Promise<readonly ForeseenRow[]>;
  /** The rows of a file within these bounds. */
  outcomes(fileId: string, fromRow: number, toRow: number): Promise<readonly RowOutcome[]>;
  /** Rows of a file whose lead exists or may exist, in their order, page by page: those after row number `after`. */
  leadsOf(fileId: string, after: number, limit: number): Promise<readonly LedgerRow[]>;
}

export interface RowOutcome {
  readonly kind: RowKind;
  readonly rowNumber: number;
  readonly state: RowState;
}

/** What would become of a row. */
export interface ForeseenRow {
  readonly rowNumber: number;
  /** `work`: nothing is known against it. */
  readonly becomes: 'work' | 'rejected' | 'duplicate';
  readonly code: FaultCode | null;
  /** For a duplicate, the row it would point to. An update that repeats the lead's latest one points to none. */
  readonly original: LedgerRow | null;
}
