import type { AuditEntry } from '../../domain/audit-entry.ts';
import type { AuditSeal, SealedBatch } from '../../domain/audit-seal.ts';

/** The record of what happened, and its seals. Entries are written by whoever changes something, in the same transaction. */
export interface AuditLog {
  /** In the order of seq, after one of them. */
  entries(afterSeq: string, limit: number): Promise<readonly AuditEntry[]>;
  /** In order, after one of them (0: from the first). */
  seals(afterNo: number, limit: number): Promise<readonly SealedBatch[]>;
  /** How many entries and seals there are, about: for a progress bar. */
  size(): Promise<{ readonly entries: number; readonly seals: number }>;
  /**
   * The next batch to be sealed: whole transactions that have ended, about `limit` entries (more where one transaction
   * has more). Null where there is none. `last` is the seal that the new one has to follow.
   */
  nextBatch(limit: number): Promise<UnsealedBatch | null>;
  /** False: somebody else has written a seal of this number meanwhile, and nothing was written. */
  writeSeal(batch: SealedBatch, from: Pick<UnsealedBatch, 'isRestored'>): Promise<boolean>;
  /** Writes down that somebody looked at or took out the log itself. */
  note(event: {
    readonly action: string;
    readonly actor: string;
    readonly reason?: string;
    readonly detail: Readonly<Record<string, unknown>>;
  }): Promise<void>;
}

export interface UnsealedBatch {
  readonly last: AuditSeal | null;
  /** In the order of seq. */
  readonly entries: readonly AuditEntry[];
  readonly throughTxid: string;
  /** The database's clock. */
  readonly now: string;
  /** The first batch after a restore into another database server. */
  readonly isRestored: boolean;
}

/** What checking takes. */
export interface AuditDigests {
  /** Ed25519; the key raw and in base64, as the signature. */
  isSigned(text: string, signature: string, publicKey: string): boolean;
  /** Hex of SHA-256. */
  sha256(data: string | Uint8Array): string;
  fromHex(hex: string): Uint8Array;
  hex(bytes: Uint8Array): string;
}

export interface AuditSigner extends AuditDigests {
  /** Ed25519, raw, base64: ours. */
  readonly publicKey: string;
  /** Base64. */
  sign(text: string): string;
}

/** Seals kept outside the database, where who can change the ledger can't change them: the log can't be cut off unseen. */
export interface Checkpoints {
  /** Synced when it resolves. */
  append(seal: AuditSeal): Promise<void>;
  /** Number of the newest one of a ledger that this host has written; 0 where there is none. */
  newest(ledger: string): Promise<number>;
}
