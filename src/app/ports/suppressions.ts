import type { Suppressed } from '../../domain/suppression.ts';

/** Those of whom nothing may be sent. */
export interface Suppressions {
  /** The list as it is. One that was read before and is of this version is answered again. */
  read(version?: number): Promise<SuppressionList>;
  /** Leaves a row to be erased: from the commit on no call of it begins. */
  leaveRow(rowId: string, erasure: string): Promise<void>;
}

export interface SuppressionList {
  /** Grows with each change; 0: nobody has ever been on it. */
  readonly version: number;
  /** By the tags of `tagPerson`. */
  readonly byTag: ReadonlyMap<string, readonly Suppressed[]>;
  /** Somebody is on it whose NIF nobody knows. */
  readonly isAnyEvenWithNif: boolean;
  /** The erasures whose persons are on the list. */
  readonly inForce: ReadonlySet<string>;
}

export const nobodySuppressed: SuppressionList = {
  version: 0,
  byTag: new Map(),
  isAnyEvenWithNif: false,
  inForce: new Set(),
};
