import type { Command } from 'commander';
import type { CancelGroup } from '../app/ports/cancel-ledger.ts';
import type { RowSelection } from '../app/ports/replay-ledger.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { addRowFilters, readRowSelection, type RowFilterOptions } from './row-filter.ts';
import { UsageFault } from './usage-fault.ts';

interface CancelOptions extends RowFilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const filters = ['partner', 'file', 'state', 'code', 'kind', 'night', 'since', 'until', 'row'] as const;

/** `leadsync cancel`: rows out of work before they are sent. */
export function registerCancel(program: Command, cli: Cli): void {
  addRowFilters(
    program
      .command('cancel')
      .description(
        'takes rows out of work before they are sent; shows first what would be cancelled, and what can not be',
      ),
    { without: ['limit'] },
  )
    .option('--all', 'every row there is, without a filter')
    .option('--dry-run', 'only show what would be done')
    .option('--reason <text>', 'why; it is audited')
    .option('--yes', 'do not ask')
    .option('--json', 'as an object')
    .addHelpText(
      'after',
      `
Cancelled are rows that are received, waiting, checked or failed. Rejected ones
only with --state rejected: the partner has been told about them.
What was sent stays, and is listed with what to do about it.
Cancelled leads come back with: leadsync replay --state cancelled

Examples:
  leadsync cancel --partner acme --kind updates --dry-run
  leadsync cancel --file 3 --reason "sent by mistake, says the partner"
  leadsync cancel --row 17 --reason "the client has withdrawn consent" --yes
`,
    )
    .action(async (options: CancelOptions) => {
      const selectionAt = readRowSelection(options);
      if (options.all !== true && filters.every((filter) => options[filter] === undefined))
        throw new UsageFault('expected a filter such as --partner, --file or --row, or --all; got none');
      const reason = options.dryRun === true ? null : requiredReason(options.reason);
      const opened = await cli.openLedger();
      try {
        const selection = selectionAt({ now: new Date(), timeZone: opened.surroundings.timeZone });
        await lookAndCancel({ cli, opened, options }, selection, reason);
      } finally {
        await opened.close();
      }
    });
}

interface Cancelling {
  readonly cli: Cli;
  readonly opened: OpenedLedger;
  readonly options: CancelOptions;
}

async function lookAndCancel(
  { cli, opened, options }: Cancelling,
  selection: RowSelection,
  reason: string | null,
): Promise<void> {
  const [{ cancelRows }, { formatCancel }, { countRows }, { sayRows }, { createProgress }] = await Promise.all([
    import('../app/cancel-rows.ts'),
    import('./cancel-preview.ts'),
    import('./row-groups.ts'),
    import('../view/say-rows.ts'),
    import('./progress.ts'),
  ]);
  const isJson = options.json === true;
  const { groups, upTo } = await opened.cancels.previewCancel(selection);
  const say = (cancelled: number | null): void => {
    if (isJson) cli.out.print(JSON.stringify({ cancelled, groups }, null, 2));
    else if (cancelled !== null) cli.out.print(`\n${sayRows(cancelled)} cancelled`);
  };
  if (!isJson) cli.out.print(formatCancel(groups, cli.out.width));
  const wanted = countRows(groups.filter((group: CancelGroup) => group.canBeCancelled));
  if (reason === null || wanted === 0 || upTo === null) return say(reason === null ? null : 0);
  if (!(await isWanted(cli, sayRows(wanted), options))) {
    cli.out.note('nothing was cancelled');
    return say(null);
  }
  const progress = createProgress(cli.out, 'cancel');
  const act = { actor: cli.actor, reason };
  const cancelled = await cancelRows(opened, selection, upTo, act, (rows) =>
    progress.show(rows, Math.max(rows, wanted)),
  );
  progress.stop();
  say(cancelled);
  if (cancelled < wanted)
    cli.out.note(`${sayRows(wanted - cancelled)} had moved on meanwhile: \`leadsync rows\` shows them`);
}

/** A script has decided by its reason; a person is asked. */
async function isWanted(cli: Cli, rows: string, { yes }: CancelOptions): Promise<boolean> {
  if (yes === true || !cli.out.isTerminal) return true;
  return /^y(?:es)?$/i.test(await cli.out.ask(`Cancel ${rows}? [y/N]`));
}
