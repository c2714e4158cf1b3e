import type { AuditEntry } from '../domain/audit-entry.ts';
import { writeSealBody, type SealedBatch } from '../domain/audit-seal.ts';
import type { AuditLog } from './ports/audit-log.ts';

const sealsAPage = 20;
const entriesAPage = 5_000;

/**
 * The sealed log as lines: the entries of a seal, each the very bytes that were sealed, then the seal with the body that
 * was signed. Whoever hashes the lines needs nothing else of ours. What is not sealed yet is left out.
 */
export async function* exportAudit(auditLog: AuditLog, range: { readonly from: number; readonly to: number }) {
  let after = range.from - 1;
  for (;;) {
    const page = await auditLog.seals(after, sealsAPage);
    for (const batch of page) {
      if (batch.seal.no > range.to) return;
      yield { lines: await linesOf(auditLog, batch), entries: batch.seqs.length };
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.seal.no;
  }
}

async function linesOf(auditLog: AuditLog, { seal, seqs }: SealedBatch): Promise<string> {
  const wanted = new Set(seqs);
  const lines: string[] = [];
  let after = String(BigInt(seal.firstSeq) - 1n);
  for (;;) {
    const page: readonly AuditEntry[] = await auditLog.entries(after, entriesAPage);
    for (const entry of page) if (wanted.has(entry.seq)) lines.push(entry.line);
    const last = page.at(-1);
    if (last === undefined || BigInt(last.seq) >= BigInt(seal.lastSeq)) break;
    after = last.seq;
  }
  const { hash, key, signature } = seal;
  lines.push(JSON.stringify({ seal: writeSealBody(seal), hash, key, signature }));
  return `${lines.join('\n')}\n`;
}
