import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { LostLead, RecoveryReport } from '../app/recover.ts';
import type { Act } from '../app/ports/held-files.ts';
import type { Cli } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { UsageFault } from './usage-fault.ts';

interface RecoverOptions {
  readonly spool?: string;
  readonly giveUp?: string;
  readonly dryRun?: boolean;
  readonly reason?: string;
}

/** `leadsync recover`: after the ledger came back from a backup or failed over, tells it what was sent since. */
export function registerRecover(program: Command, cli: Cli): void {
  program
    .command('recover')
    .description('tells a ledger that came back from a backup what was sent after it, out of the spool of this host')
    .option('--spool <folder>', 'the spool of another host; default: LEADSYNC_SPOOL')
    .option('--give-up <host>', 'a host that is lost with its spool: what it sent may be sent again')
    .option('--dry-run', 'only show what would be done')
    .option('--reason <text>', 'why; it is audited')
    .addHelpText(
      'after',
      `
A lead whose leadId the spool knows is registered; any other that may have been
created is put in doubt. Of a lead whose file the ledger does not have, a row is
entered that keeps it from being created again. Every host that sent has a spool
of its own: run it on each. Work stays paused until leadsync resume.

Examples:
  leadsync recover --dry-run
  leadsync recover --reason "restored the backup of 02:00"
  leadsync recover --spool /mnt/old-disk/spool --reason "the disk of host b"
  leadsync recover --give-up host-c --reason "burnt; asked the insurer for its leads"
  leadsync resume --reason "recovered on all hosts"
`,
    )
    .action(async (options: RecoverOptions) => {
      const reason = options.dryRun === true ? null : requiredReason(options.reason);
      const { spool: folder, giveUp } = options;
      // A folder that is mistyped would hold nothing that the ledger lacks.
      if (folder !== undefined && !existsSync(join(folder, 'spool.id')))
        throw new UsageFault(`--spool: expected the spool of a host, found no spool.id in ${folder}`);
      if (giveUp !== undefined) return giveUpHost(cli, giveUp, reason);
      const { previewRecovery, recover } = await import('../app/recover.ts');
      const opened = await cli.openLedger();
      const spool = opened.spoolIn(folder);
      try {
        const lost = await previewRecovery({ gap: opened.gap, spool });
        cli.out.print(sayLost(lost));
        if (reason === null) return;
        const { createProgress } = await import('./progress.ts');
        const progress = createProgress(cli.out, 'recover');
        progress.show(0, lost.length);
        const report = await recover({ ...opened, spool }, lost, {
          act: { actor: cli.actor, reason },
          done: (leads) => progress.show(leads, lost.length),
        });
        progress.stop();
        if (lost.length > 0) cli.out.print(sayReport(report));
        const others = (await opened.gap.gaps()).map(({ host }) => host);
        if (others.length > 0)
          cli.out.note(`to be recovered still, on their own host or with --spool: ${others.join(', ')}`);
        else cli.out.note('`leadsync resume --reason "…"` lets work go on');
        if (report.inDoubt > 0) cli.out.note('`leadsync in-doubt` lists what to ask the insurer about');
      } finally {
        spool.close();
        await opened.close();
      }
    });
}

/** Ends the gap of a host whose spool nobody will ever read. */
async function giveUpHost(cli: Cli, host: string, reason: string | null): Promise<void> {
  const opened = await cli.openLedger();
  try {
    const gaps = await opened.gap.gaps();
    const its = gaps.filter((one) => one.host === host);
    if (its.length === 0) {
      const hosts = [...new Set(gaps.map((one) => one.host))].join(', ') || 'none';
      throw new UsageFault(`--give-up: expected a host that is to be recovered (${hosts}); got "${host}"`);
    }
    if (reason === null) return cli.out.print(`${host} would be given up`);
    const act: Act = { actor: cli.actor, reason: `given up: ${reason}` };
    for (const { spool } of its) await opened.gap.endGap(spool, act);
    cli.out.print(`${host} is given up: what it sent after the backup may be sent again`);
  } finally {
    await opened.close();
  }
}

function sayLost(lost: readonly LostLead[]): string {
  if (lost.length === 0) return 'the ledger knows every create that this spool knows';
  const doubts = lost.flatMap(({ doubt }) => doubt ?? []);
  const known = doubts.filter(({ answer }) => answer?.leadId !== undefined).length;
  const first = Math.min(...doubts.map(({ request }) => request.at.getTime()));
  const since = Number.isFinite(first) ? `, the first sent at ${new Date(first).toISOString()}` : '';
  return [
    `${lost.length} ${lost.length === 1 ? 'lead' : 'leads'} of which the ledger lacks creates${since}`,
    `  ${known} created, with the leadId in the spool: registered`,
    `  ${doubts.length - known} may have been created: in doubt`,
    `  ${lost.length - doubts.length} provably not created: nothing to do`,
  ].join('\n');
}

function sayReport({ registered, inDoubt, entered, kept }: RecoveryReport): string {
  const parts = [`${registered} registered`, `${inDoubt} in doubt`];
  if (entered > 0) parts.push(`${entered} of them without a row until now`);
  if (kept > 0) parts.push(`${kept} kept as the ledger had them`);
  return parts.join(' · ');
}
