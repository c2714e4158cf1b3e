/**
 * A seal closes a batch of entries. It holds the digest of each, the hash of the seal before it, and our signature:
 *
 *   entries 1 … 5000 ──> seal 1 ──> seal 2 ──> seal 3        each also written outside the database
 *                          ^  previous │  previous │
 *                          └───────────┴───────────┘
 *
 * Not a chain from entry to entry: that is one lock for all workers. A seal takes whole transactions, those that began
 * after the last one's `throughTxid` and before its own, so that an entry which commits late stands in the next one.
 */
export interface SealBody {
  /** Of the ledger it belongs to: a seal of another one is none. */
  readonly ledger: string;
  /** 1 for the first, without a gap. */
  readonly no: number;
  /** Hash of the seal before it; null for the first. */
  readonly previous: string | null;
  /** How many entries it closes, and all seals up to it together. */
  readonly entries: number;
  readonly total: number;
  readonly firstSeq: string;
  readonly lastSeq: string;
  /** Every transaction below this number had ended, and no entry of one may come later. */
  readonly throughTxid: string;
  /** By the database's clock. */
  readonly sealedAt: string;
  /** SHA-256 of the entries' own digests, 32 bytes each, in the order of seq. */
  readonly digest: string;
}

export interface AuditSeal extends SealBody {
  /** SHA-256 of the body as `writeSealBody` writes it. */
  readonly hash: string;
  /** Ed25519, raw, base64: whose signature it is. */
  readonly key: string;
  /** Of the body's text, base64. */
  readonly signature: string;
}

/** With what `audit verify` tells which entry of a batch it is. Covered by the seal's digest. */
export interface SealedBatch {
  readonly seal: AuditSeal;
  readonly seqs: readonly string[];
  /** 32 bytes an entry. */
  readonly digests: Uint8Array;
}

/** The signed text. */
export function writeSealBody(body: SealBody): string {
  const { ledger, no, previous, entries, total, firstSeq, lastSeq, throughTxid, sealedAt, digest } = body;
  return JSON.stringify({
    ledger,
    no,
    previous,
    entries,
    total,
    firstSeq,
    lastSeq,
    throughTxid,
    sealedAt,
    digest,
  });
}
