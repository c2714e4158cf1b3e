import { readCheckpointFolder, readCheckpoints } from '../adapters/audit/checkpoint-file.ts';
import { auditDigests, createAuditSigner } from '../adapters/audit/signer.ts';
import { createAuditLog } from '../adapters/ledger/audit-log.ts';
import type { LedgerDatabase } from '../adapters/ledger/database.ts';
import type { AuditTrail } from '../cli/cli.ts';

/** The audit log of a ledger. Without a seed it can be checked by other people's keys and is not sealed. */
export function openAuditTrail(
  db: LedgerDatabase,
  { seed, ledgerId, folder }: { readonly seed: Uint8Array | null; readonly ledgerId: string; readonly folder: string },
): AuditTrail {
  return {
    log: createAuditLog(db),
    signer: seed === null ? null : createAuditSigner(seed),
    digests: auditDigests,
    ledgerId,
    readCheckpoints,
    ownCheckpoints: () => readCheckpointFolder(folder),
  };
}
