import { hostname } from 'node:os';
import { createCheckpoints } from '../adapters/audit/checkpoint-file.ts';
import { sealAudit } from '../app/seal-audit.ts';
import type { AuditTrail } from '../cli/cli.ts';
import { systemClock } from './system-clock.ts';

const sealMs = 15_000;

export interface AuditSealing {
  /** A duty of the leader: seals when it is time. */
  tick(): Promise<void>;
  /** Seals at once: nothing that was done before a shutdown should wait for the next start. */
  now(): Promise<void>;
}

/** Seals the audit log from time to time. Does nothing without a key to sign with. */
export function createAuditSealing(trail: AuditTrail, folder: string): AuditSealing {
  const { log: auditLog, signer, ledgerId } = trail;
  if (signer === null) return { tick: async () => undefined, now: async () => undefined };
  const ports = { auditLog, signer, ledgerId, checkpoints: createCheckpoints(folder, hostname()) };
  let nextAt = -Infinity;
  return {
    async tick() {
      if (systemClock.monotonicMs() < nextAt) return;
      // Also after a failure: a full disk must not be tried twice a second.
      nextAt = systemClock.monotonicMs() + sealMs;
      await sealAudit(ports);
    },
    async now() {
      await sealAudit(ports);
    },
  };
}
