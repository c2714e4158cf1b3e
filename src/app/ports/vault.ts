import type { Act } from './held-files.ts';

/** A key for the personal data of one partner and month. Sealing is authenticated (AES-256-GCM); opening a changed text throws. */
export interface DataKey {
  readonly id: number;
  seal(plain: string): Uint8Array;
  open(sealed: Uint8Array): string;
}

/** The key was destroyed by retention, or never was. */
export class NoDataKey extends Error {
  constructor(id: number) {
    super(`there is no data key ${id}: retention has taken it away, or never was`);
  }
}

/** What a keyed hash is for. Hashes of different purposes can't be joined. Those named `identity` never rotate with the secret key. */
export type MacPurpose =
  | 'identity'
  | 'content'
  | 'partnerLeadId'
  | 'header'
  | 'apiSettings'
  | 'person'
  | 'lookedUp'
  | 'consolePost';

/** Encryption at rest and keyed hashes. Keys are wrapped by LEADSYNC_SECRET_KEY in a small table. */
export interface Vault {
  /** The data key in force for a partner this month; made at first use, cached. */
  keyFor(partner: string): Promise<DataKey>;
  /** Throws NoDataKey. */
  keyById(id: number): Promise<DataKey>;
  /** 16 bytes of HMAC-SHA256 as a UUID text, so that PostgreSQL stores and indexes 16 bytes. */
  mac(purpose: MacPurpose, text: string): string;
}

/** Where wrapped keys are kept. The ledger implements it. */
export interface KeyStore {
  /** Every wrapped key there is. */
  list(): Promise<readonly WrappedKey[]>;
  /**
   * Stores a key unless (purpose, partner, month) exists; answers the one that is stored now. Safe to race. `secret` is the
   * mark of the secret that it is wrapped by. `rotated`: the table is wrapped by another one, and nothing was stored.
   */
  add(key: Omit<WrappedKey, 'id'>, secret: string): Promise<WrappedKey | 'rotated'>;
  /** Marks of the secret that the table is wrapped by (null: it was never rotated), and of those before it. */
  secrets(): Promise<{ readonly current: string | null; readonly earlier: readonly string[] }>;
}

/** Wraps all keys anew. The ledger implements it. */
export interface KeyRotations {
  /** Everything in one transaction, while no key is added. What `rewrap` throws leaves all as it was. */
  rewrap(
    secrets: { readonly from: string; readonly to: string },
    act: Act,
    rewrap: (keys: readonly WrappedKey[]) => readonly WrappedKey[],
  ): Promise<RotatedKeys>;
}

export interface RotatedKeys {
  /** `done_before`: the table is wrapped by the new secret already. */
  readonly kind: 'done_before' | 'rotated';
  readonly keys: number;
}

export interface WrappedKey {
  readonly id: number;
  readonly purpose: 'mac' | 'data';
  /** Empty for the MAC key. */
  readonly partner: string;
  /** yyyy-mm; empty for the MAC key. */
  readonly month: string;
  readonly wrapped: Uint8Array;
}
