import { verifyAudit, type AuditVerdict } from '../../app/verify-audit.ts';
import type { ConsolePorts } from '../ports.ts';

/** How the check of the log stands in this console. */
export type Verification =
  | { readonly kind: 'never' }
  | { readonly kind: 'under_way'; readonly by: string; readonly entries: number; readonly all: number }
  | { readonly kind: 'failed'; readonly by: string; readonly at: Date }
  | {
      readonly kind: 'done';
      readonly by: string;
      readonly at: Date;
      readonly verdict: AuditVerdict;
      readonly checkpoints: number;
    };

export interface Verifier {
  standing(): Verification;
  /** Begins it. False: one is under way already. It goes on whether somebody looks or not. */
  begin(actor: string): boolean;
  /** Resolves when none is under way. */
  idle(): Promise<void>;
}

type VerifierPorts = Pick<ConsolePorts, 'auditTrail' | 'clock' | 'log'>;

/** Checks the whole log against its seals and this host's checkpoints, one check at a time: it reads every entry. */
export function createVerifier({ auditTrail, clock, log: ownLog }: VerifierPorts): Verifier {
  let standing: Verification = { kind: 'never' };
  let running: Promise<void> = Promise.resolve();

  async function verify(by: string): Promise<void> {
    const { log, digests, ledgerId, signer } = auditTrail;
    const all = (await log.size()).entries;
    const checkpoints = await auditTrail.ownCheckpoints();
    const keys = new Set(signer === null ? [] : [signer.publicKey]);
    const verdict = await verifyAudit(
      { auditLog: log, digests },
      { ledger: ledgerId, keys, checkpoints },
      (entries) => {
        standing = { kind: 'under_way', by, entries, all: Math.max(all, entries) };
      },
    );
    const { entries, seals, faultCount: faults } = verdict;
    await log.note({ action: 'audit.verified', actor: by, detail: { entries, seals, faults } });
    standing = { kind: 'done', by, at: new Date(clock.wallMs()), verdict, checkpoints: checkpoints.length };
  }

  return {
    standing: () => standing,
    begin(by) {
      if (standing.kind === 'under_way') return false;
      standing = { kind: 'under_way', by, entries: 0, all: 0 };
      running = verify(by).catch((error: unknown) => {
        standing = { kind: 'failed', by, at: new Date(clock.wallMs()) };
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        ownLog.event('pageFailed', { route: '/audit/verify', code });
      });
      return true;
    },
    idle: () => running,
  };
}
