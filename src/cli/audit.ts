import type { Command } from 'commander';
import { registerAuditExport } from './audit-export.ts';
import { registerAuditVerify } from './audit-verify.ts';
import type { Cli } from './cli.ts';

/** `leadsync audit`: the record of what happened and who did it, and the proof that nobody has changed it. */
export function registerAudit(program: Command, cli: Cli): void {
  const audit = program
    .command('audit')
    .description('the record of what happened: verify it, export it')
    .addHelpText('after', '\nExamples:\n  leadsync audit verify\n  leadsync help audit export\n');
  registerAuditVerify(audit, cli);
  registerAuditExport(audit, cli);
  audit
    .command('key')
    .description('the public key that seals are checked with; keep a copy where the database is out of reach')
    .addHelpText('after', '\nExamples:\n  leadsync audit key > /mnt/auditor/leadsync.public-key\n')
    .action(async () => {
      const opened = await cli.openLedger();
      try {
        const { signer } = opened.auditTrail;
        if (signer === null) return cli.end(2, withoutKey);
        cli.out.print(signer.publicKey);
      } finally {
        await opened.close();
      }
    });
}

export const withoutKey =
  'LEADSYNC_AUDIT_KEY: expected the key that seals are signed with, found nothing; with an external database it has to be given';
