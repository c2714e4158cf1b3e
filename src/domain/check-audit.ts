import type { AuditFault } from './audit-faults.ts';
import { writeSealBody, type AuditSeal, type SealedBatch } from './audit-seal.ts';

/** An entry as far as a check needs it. */
export interface CheckedEntry {
  readonly seq: number;
  readonly txid: number;
  /** UTC text; as texts they sort as times do. */
  readonly at: string;
  /** Hex. */
  readonly digest: string;
}

export interface AuditCheckTools {
  /** Hex of SHA-256. */
  sha256(data: string | Uint8Array): string;
  hex(bytes: Uint8Array): string;
  isSigned(text: string, signature: string, key: string): boolean;
}

/** An entry is written within its transaction, which ends within minutes; what is older than this was made to look so. */
const backDatingMs = 10 * 60_000;

/**
 * Checks seals and entries as they come, at constant memory. Feed it each seal in order, after all entries up to the
 * seal's last one. It keeps the entries that no seal has claimed yet: those of transactions that end late.
 */
export function createAuditCheck(
  tools: AuditCheckTools,
  expected: { readonly ledger: string; readonly keys: ReadonlySet<string> },
): {
  entry(entry: CheckedEntry): void;
  seal(batch: SealedBatch): readonly AuditFault[];
  /** After everything: how many entries wait for their seal, and what stands in none. */
  end(): { readonly unsealed: number; readonly faults: readonly AuditFault[] };
} {
  const unclaimed = new Map<number, CheckedEntry>();
  let last: AuditSeal | null = null;

  function chainFaults(seal: AuditSeal, digests: Uint8Array, count: number): AuditFault[] {
    const body = writeSealBody(seal);
    const faults: AuditFault[] = [];
    const no = (last?.no ?? 0) + 1;
    for (let gone = no; gone < seal.no && faults.length < 10; gone += 1)
      faults.push({ kind: 'seal_removed', seal: gone });
    if (seal.entries !== count || seal.digest !== tools.sha256(digests) || seal.hash !== tools.sha256(body))
      faults.push({ kind: 'seal_changed', seal: seal.no });
    else if (!tools.isSigned(body, seal.signature, seal.key)) faults.push({ kind: 'seal_signature', seal: seal.no });
    else if (!expected.keys.has(seal.key)) faults.push({ kind: 'seal_key', seal: seal.no, key: seal.key });
    else if (
      seal.no === no &&
      (seal.ledger !== expected.ledger ||
        seal.previous !== (last?.hash ?? null) ||
        seal.total !== (last?.total ?? 0) + seal.entries)
    )
      faults.push({ kind: 'seal_chain', seal: seal.no });
    return faults;
  }

  function entryFaults({ seal, seqs, digests }: SealedBatch): AuditFault[] {
    const faults: AuditFault[] = [];
    const earliest = last === null ? '' : minus(last.sealedAt, backDatingMs);
    const sealed = tools.hex(digests);
    for (const [index, seq] of seqs.entries()) {
      const entry = unclaimed.get(Number(seq));
      if (entry === undefined) faults.push({ kind: 'entry_removed', seq, seal: seal.no });
      else if (entry.digest !== sealed.slice(index * 64, index * 64 + 64))
        faults.push({ kind: 'entry_changed', seq, seal: seal.no });
      else if (entry.at > seal.sealedAt || entry.at < earliest)
        faults.push({ kind: 'entry_back_dated', seq, seal: seal.no });
      unclaimed.delete(Number(seq));
    }
    // What belongs to a transaction that had ended by now and stands in no seal came after it.
    for (const entry of unclaimed.values()) {
      if (entry.txid >= Number(seal.throughTxid)) continue;
      faults.push({ kind: 'entry_inserted', seq: String(entry.seq), seal: seal.no });
      unclaimed.delete(entry.seq);
    }
    return faults;
  }

  return {
    entry(entry) {
      unclaimed.set(entry.seq, entry);
    },
    seal(batch) {
      const faults = [...chainFaults(batch.seal, batch.digests, batch.seqs.length), ...entryFaults(batch)];
      last = batch.seal;
      return faults;
    },
    end() {
      const faults: AuditFault[] = [];
      let unsealed = 0;
      for (const entry of unclaimed.values()) {
        if (last !== null && entry.txid < Number(last.throughTxid))
          faults.push({ kind: 'entry_inserted', seq: String(entry.seq), seal: last.no });
        else unsealed += 1;
      }
      return { unsealed, faults };
    },
  };
}

function minus(at: string, ms: number): string {
  return new Date(Date.parse(at) - ms).toISOString();
}
