import type { Command } from 'commander';
import type { AuditSeal } from '../domain/audit-seal.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { UsageFault } from './usage-fault.ts';

interface VerifyOptions {
  readonly checkpoint: readonly string[];
  readonly key: readonly string[];
  readonly json?: boolean;
}

/** `leadsync audit verify`: is every entry as it was sealed, and is every seal still there? */
export function registerAuditVerify(audit: Command, cli: Cli): void {
  const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];
  audit
    .command('verify')
    .description('checks every entry against the seals, and the seals against what was kept outside the database')
    .option(
      '--checkpoint <file>',
      'a copy of checkpoints, besides those in LEADSYNC_CHECKPOINTS; may be repeated',
      collect,
      [],
    )
    .option('--key <public>', 'a public key that signed earlier seals; may be repeated', collect, [])
    .option('--json', 'as one object')
    .addHelpText(
      'after',
      `
Finds entries that were changed, removed, put in later or back-dated, and a log
that was cut off. A log that was cut off together with every checkpoint looks
whole: keep a copy of them elsewhere. What was written since the last seal (one
every 15 seconds) is not covered yet.

Exit code: 0 as it was sealed · 1 it is not, or nothing is sealed · 2 usage.

Examples:
  leadsync audit verify
  leadsync audit verify --checkpoint /mnt/auditor/worker-1.seals.ndjson
`,
    )
    .action(async (options: VerifyOptions) => {
      const [{ verifyAudit }, { createProgress }, { auditVerdictText }] = await Promise.all([
        import('../app/verify-audit.ts'),
        import('./progress.ts'),
        import('./audit-verdict-text.ts'),
      ]);
      const opened = await cli.openLedger();
      try {
        const { log, digests, ledgerId, signer } = opened.auditTrail;
        const keys = new Set([...options.key, ...(signer === null ? [] : [signer.publicKey])]);
        if (keys.size === 0)
          throw new UsageFault('--key: expected the public key, since LEADSYNC_AUDIT_KEY is not set');
        const checkpoints = await checkpointsOf(opened, options.checkpoint);
        const { entries } = await log.size();
        const progress = createProgress(cli.out, 'audit verify', 'entries');
        const verdict = await verifyAudit({ auditLog: log, digests }, { ledger: ledgerId, keys, checkpoints }, (done) =>
          progress.show(done, Math.max(done, entries)),
        );
        progress.stop();
        await log.note({
          action: 'audit.verified',
          actor: cli.actor,
          detail: { entries: verdict.entries, seals: verdict.seals, faults: verdict.faultCount },
        });
        const isWhole = verdict.faultCount === 0 && verdict.lastSeal !== null;
        if (options.json === true)
          cli.out.print(JSON.stringify({ ok: isWhole, ...verdict, checkpoints: checkpoints.length }, null, 2));
        else cli.out.print(auditVerdictText(verdict, checkpoints.length));
        cli.end(isWhole ? 0 : 1);
      } finally {
        await opened.close();
      }
    });
}

async function checkpointsOf({ auditTrail }: OpenedLedger, paths: readonly string[]): Promise<readonly AuditSeal[]> {
  const given = await Promise.all(
    paths.map((path) =>
      auditTrail.readCheckpoints(path).catch((error: unknown) => {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        throw new UsageFault(`--checkpoint: expected a file that can be read, got ${code} for "${path}"`);
      }),
    ),
  );
  const empty = given.findIndex((seals) => seals.length === 0);
  if (empty !== -1)
    throw new UsageFault(`--checkpoint: expected seals, one a line; found none in "${paths[empty] ?? ''}"`);
  return [...(await auditTrail.ownCheckpoints()), ...given.flat()];
}
