/** What a search found: rows by number, and never what was searched for. */
export interface SearchFound {
  /** Newest first. */
  readonly rows: readonly string[];
  /** By what kind of value: `nif`, `phone`, `email`, `id`. */
  readonly by: readonly string[];
  /** So many rows, about, could not be looked at yet. */
  readonly unseen: number;
}

/** Results of searches, for as long as somebody looks at them. Known to every console of the ledger, by the hash of a token. */
export interface ConsoleSearches {
  keep(tokenHash: string, name: string, found: SearchFound): Promise<void>;
  /** Null: there is none, it is too old, or somebody else's. */
  find(tokenHash: string, name: string, mostMs: number): Promise<SearchFound | null>;
  forgetOld(mostMs: number): Promise<void>;
}
