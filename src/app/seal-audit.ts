import { writeSealBody, type AuditSeal, type SealBody } from '../domain/audit-seal.ts';
import type { AuditLog, AuditSigner, Checkpoints, UnsealedBatch } from './ports/audit-log.ts';

export interface SealPorts {
  readonly auditLog: AuditLog;
  readonly signer: AuditSigner;
  readonly checkpoints: Checkpoints;
  readonly ledgerId: string;
}

/** Entries a seal: small enough for a seal to be read at once, large enough for few of them. */
const entriesASeal = 5_000;
const sealsAPage = 100;

/**
 * Seals what has been committed since the last seal; answers how many entries. The checkpoint is written after the seal
 * has committed; one that a crash or a full disk has kept back is written the next time.
 */
export async function sealAudit(ports: SealPorts, limit = entriesASeal): Promise<number> {
  await writeMissingCheckpoints(ports);
  let sealed = 0;
  for (;;) {
    const batch = await ports.auditLog.nextBatch(limit);
    if (batch === null) return sealed;
    const { seal, digests } = sealOf(ports, batch);
    const seqs = batch.entries.map((entry) => entry.seq);
    // Somebody else leads by now.
    if (!(await ports.auditLog.writeSeal({ seal, seqs, digests }, batch))) return sealed;
    await ports.checkpoints.append(seal);
    sealed += seqs.length;
  }
}

function sealOf({ signer, ledgerId }: SealPorts, batch: UnsealedBatch) {
  const { last, entries, throughTxid, now } = batch;
  const digests = signer.fromHex(entries.map((entry) => signer.sha256(entry.line)).join(''));
  const body: SealBody = {
    ledger: ledgerId,
    no: (last?.no ?? 0) + 1,
    previous: last?.hash ?? null,
    entries: entries.length,
    total: (last?.total ?? 0) + entries.length,
    firstSeq: entries[0]?.seq ?? '0',
    lastSeq: entries.at(-1)?.seq ?? '0',
    throughTxid,
    sealedAt: now,
    digest: signer.sha256(digests),
  };
  const text = writeSealBody(body);
  const seal: AuditSeal = { ...body, hash: signer.sha256(text), key: signer.publicKey, signature: signer.sign(text) };
  return { seal, digests };
}

async function writeMissingCheckpoints({ auditLog, checkpoints, ledgerId }: SealPorts): Promise<void> {
  let after = await checkpoints.newest(ledgerId);
  for (;;) {
    const missing = await auditLog.seals(after, sealsAPage);
    for (const { seal } of missing) await checkpoints.append(seal);
    const newest = missing.at(-1);
    if (newest === undefined) return;
    after = newest.seal.no;
  }
}
