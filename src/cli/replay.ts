import type { Command } from 'commander';
import type { ReplayPreview } from '../app/replay.ts';
import type { Cli } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { addRowFilters, readRowFilter, type RowFilterOptions } from './row-filter.ts';

interface ReplayOptions extends RowFilterOptions {
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
}

/** `leadsync replay`: failed and rejected rows back to work. */
export function registerReplay(program: Command, cli: Cli): void {
  addRowFilters(
    program.command('replay').description('failed and rejected rows back to work; shows first what would be done'),
  )
    .option('--dry-run', 'only show what would be done')
    .option('--reason <text>', 'why; it is audited')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
Without --state: failed, rejected and in doubt.
A row in doubt is never replayed: leadsync resolve.

Examples:
  leadsync replay --partner acme --state failed --dry-run
  leadsync replay --code API_KO --since 12h --reason "the API is back"
  leadsync replay --row 17 --reason "agent added to the config" --yes
`,
    )
    .action(async (options: ReplayOptions) => {
      const filterAt = readRowFilter(options, 10_000);
      const reason = options.dryRun === true ? null : requiredReason(options.reason);
      const { previewReplay, replay } = await import('../app/replay.ts');
      const { formatPreview } = await import('./replay-preview.ts');
      const opened = await cli.openLedger();
      try {
        const filter = filterAt({ now: new Date(), timeZone: opened.surroundings.timeZone });
        const preview = await previewReplay(opened, filter);
        cli.out.print(formatPreview(preview, cli.out.width));
        if (preview.rows.length >= filter.limit)
          cli.out.note(`the newest ${filter.limit} rows of a state at most; run it again for the rest`);
        const safe = countSafe(preview);
        if (reason === null || safe === 0) return;
        if (!(await isWanted(cli, safe, options))) return cli.out.note('nothing was replayed');
        const { createProgress } = await import('./progress.ts');
        const progress = createProgress(cli.out, 'replay');
        progress.show(0, safe);
        const report = await replay(opened, preview, { actor: cli.actor, reason }, (done) => progress.show(done, safe));
        progress.stop();
        cli.out.print(
          `${report.replayed} replayed · ${report.movedOn} had moved on · ${report.heldByAnother} held by another row`,
        );
        if (report.replayed > 0) cli.out.note('`leadsync run` goes on with them; `leadsync status --wait` watches');
      } finally {
        await opened.close();
      }
    });
}

function countSafe(preview: ReplayPreview): number {
  return preview.rows.filter((entry) => entry.class === 'safe').length;
}

/** A script has decided by its reason; a person is asked. */
async function isWanted(cli: Cli, count: number, options: ReplayOptions): Promise<boolean> {
  if (options.yes === true || !cli.out.isTerminal) return true;
  return /^y(?:es)?$/i.test(await cli.out.ask(`Replay ${count} ${count === 1 ? 'row' : 'rows'}? [y/N]`));
}
