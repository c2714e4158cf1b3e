import type { Command } from 'commander';
import type { AuditLog } from '../app/ports/audit-log.ts';
import type { Cli } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { readCount } from './typed-number.ts';
import { writeNewFile } from './write-new-file.ts';

interface ExportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
}

/** `leadsync audit export`: the sealed log as a file that can be checked without leadsync. */
export function registerAuditExport(audit: Command, cli: Cli): void {
  audit
    .command('export')
    .argument('<file>', 'a new file; it will be readable by its owner alone')
    .description('writes the sealed log as NDJSON, to be checked with docs/verify-audit.mjs and nothing of ours')
    .option('--from <seal>', 'the first seal (defaults to 1)')
    .option('--to <seal>', 'the last seal (defaults to the newest)')
    .option('--reason <text>', 'why; it is audited')
    .addHelpText(
      'after',
      `
Examples:
  leadsync audit export november.ndjson --reason "yearly review"
  node docs/verify-audit.mjs november.ndjson "$(leadsync audit key)"
`,
    )
    .action(async (path: string, options: ExportOptions) => {
      const reason = requiredReason(options.reason);
      const from = options.from === undefined ? 1 : readCount('--from', options.from);
      const to = options.to === undefined ? Infinity : readCount('--to', options.to);
      const { exportAudit } = await import('../app/export-audit.ts');
      const opened = await cli.openLedger();
      try {
        const { log } = opened.auditTrail;
        const counted = { entries: 0, seals: 0 };
        // First: whoever ends us half way has read what was written until then.
        const range = { from, to: Number.isFinite(to) ? to : null };
        await log.note({ action: 'audit.export_begun', actor: cli.actor, reason, detail: range });
        await writeNewFile(path, linesOf(exportAudit(log, { from, to }), counted));
        await noteExport(log, cli.actor, reason, counted);
        cli.out.print(`${counted.entries} entries under ${counted.seals} seals in ${path}`);
      } finally {
        await opened.close();
      }
    });
}

async function* linesOf(
  batches: AsyncIterable<{ readonly lines: string; readonly entries: number }>,
  counted: { entries: number; seals: number },
) {
  for await (const { lines, entries } of batches) {
    counted.entries += entries;
    counted.seals += 1;
    yield lines;
  }
}

function noteExport(
  log: AuditLog,
  actor: string,
  reason: string,
  detail: Readonly<Record<string, number>>,
): Promise<void> {
  return log.note({ action: 'audit.exported', actor, reason, detail });
}
