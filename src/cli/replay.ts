import type { Command } from 'commander';
import type { RowSelection } from '../app/ports/replay-ledger.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { addRowFilters, readRowSelection, type RowFilterOptions } from './row-filter.ts';
import { readCount, readId } from './typed-number.ts';
import { UsageFault } from './usage-fault.ts';

interface ReplayOptions extends RowFilterOptions {
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly rate?: string;
  readonly yes?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly list?: boolean;
  readonly show?: string;
  readonly abort?: string;
}

/** Where the account has no limit. */
const unlimitedRate = 100;
const shown = 20;

/** `leadsync replay`: failed and rejected rows back to work. */
export function registerReplay(program: Command, cli: Cli): void {
  addRowFilters(
    program.command('replay').description('failed and rejected rows back to work; shows first what would be done'),
  )
    .option('--dry-run', 'only show what would be done')
    .option('--reason <text>', 'why; it is audited')
    .option('--rate <n>', 'rows a second at most (defaults to the rate of calls)')
    .option('--yes', 'do not ask')
    .option('--wait', 'wait until all of them are back at work, with progress')
    .option('--list', 'the replays there were, newest first')
    .option('--show <id>', 'how far one is, and the rows that stayed')
    .option('--abort <id>', 'end one where it is; what is back at work stays')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Without --state and --row: failed, rejected and in doubt.
A row in doubt is never replayed: leadsync resolve.
What is shown is what is replayed: a row that has moved since stays as it is.
The service, leadsync run, carries it out; it goes on after a kill of either.

Examples:
  leadsync replay --partner acme --state failed --dry-run
  leadsync replay --code API_KO --since 12h --reason "the API is back"
  leadsync replay --row 17 --reason "agent added to the config" --yes
  leadsync replay --show 3
  leadsync replay --abort 3 --reason "the API is down again"
`,
    )
    .action(async (options: ReplayOptions) => {
      const act = readAct(options);
      const opened = await cli.openLedger();
      try {
        await act(cli, opened);
      } finally {
        await opened.close();
      }
    });
}

/** What is wanted, read wholly before anything is opened. */
function readAct(options: ReplayOptions): (cli: Cli, opened: OpenedLedger) => Promise<void> {
  const { list, show, abort } = options;
  const wanted = [list === true, show !== undefined, abort !== undefined].filter(Boolean).length;
  if (wanted > 1) throw new UsageFault('expected one of --list, --show and --abort; got more');
  const isJson = options.json === true;
  if (wanted === 1) {
    const limit = options.limit === undefined ? shown : readCount('--limit', options.limit);
    const showId = show === undefined ? null : readId('--show', show);
    const abortId = abort === undefined ? null : readId('--abort', abort);
    const reason = abortId === null ? '' : requiredReason(options.reason);
    return async (cli, opened) => {
      const batches = await import('./replay-batches.ts');
      const looking = { cli, opened, isJson, limit };
      if (showId !== null) return batches.showReplay(looking, showId);
      if (abortId !== null) return batches.abortReplay(looking, abortId, reason);
      return batches.listReplays(looking);
    };
  }
  const selectionAt = readRowSelection(options);
  const rate = options.rate === undefined ? null : readCount('--rate', options.rate);
  const reason = options.dryRun === true ? null : requiredReason(options.reason);
  return (cli, opened) => {
    const selection = selectionAt({ now: new Date(), timeZone: opened.surroundings.timeZone });
    return reason === null
      ? previewOnly(cli, opened, selection, isJson)
      : begin({ cli, opened, options }, selection, { reason, rate });
  };
}

async function previewOnly(cli: Cli, { replays }: OpenedLedger, selection: RowSelection, isJson: boolean) {
  const { formatPreview } = await import('./replay-preview.ts');
  const groups = await replays.previewReplay(selection);
  cli.out.print(isJson ? JSON.stringify({ replay: null, groups }, null, 2) : formatPreview(groups, cli.out.width));
}

interface Beginning {
  readonly cli: Cli;
  readonly opened: OpenedLedger;
  readonly options: ReplayOptions;
}

/** Freezes the selection, shows it, asks, and lets it go. */
async function begin(
  { cli, opened, options }: Beginning,
  selection: RowSelection,
  given: { readonly reason: string; readonly rate: number | null },
): Promise<void> {
  const [
    { formatPreview },
    { waitForReplay, warnOfNobody },
    { replayJson },
    { sayReplayProgress },
    { countRows },
    { sayRows },
  ] = await Promise.all([
    import('./replay-preview.ts'),
    import('./replay-batches.ts'),
    import('../view/replay-json.ts'),
    import('../view/replay-words.ts'),
    import('./row-groups.ts'),
    import('../view/say-rows.ts'),
  ]);
  const { replays, settings } = opened;
  const ratePerSecond = given.rate ?? (Math.ceil(settings.ratePerSecond) || unlimitedRate);
  const isJson = options.json === true;
  const { id, groups } = await replays.proposeReplay(selection, {
    actor: cli.actor,
    reason: given.reason,
    ratePerSecond,
  });
  if (!isJson) cli.out.print(formatPreview(groups, cli.out.width));
  const safe = countRows(groups.filter((group) => group.class === 'safe'));
  if (id !== null && !(await isWanted(cli, sayRows(safe), options))) {
    await replays.discardReplay(id);
    return cli.out.note('nothing was replayed');
  }
  if (id === null || !(await replays.startReplay(id))) {
    if (isJson) cli.out.print(JSON.stringify({ replay: null, groups }, null, 2));
    return;
  }
  const isWaiting = options.wait === true;
  if (!isJson) cli.out.print(`\nreplay ${id}: ${sayRows(safe)}, at most ${ratePerSecond} a second`);
  const ended = isWaiting ? await waitForReplay(cli, opened, id) : null;
  if (isJson) {
    const batch = ended ?? (await replays.replayBatch(id));
    return cli.out.print(JSON.stringify({ replay: batch && replayJson(batch), groups }, null, 2));
  }
  if (ended !== null) {
    cli.out.print(`${ended.state}: ${sayReplayProgress(ended)}`);
    return cli.end(ended.state === 'finished' ? 0 : 1);
  }
  const isUnseen = await warnOfNobody(cli, opened);
  cli.out.note(
    `${isUnseen ? '' : '`leadsync run` goes on with it; '}\`leadsync replay --show ${id}\` says how far it is`,
  );
}

/** A script has decided by its reason; a person is asked. */
async function isWanted(cli: Cli, rows: string, options: ReplayOptions): Promise<boolean> {
  if (options.yes === true || !cli.out.isTerminal) return true;
  return /^y(?:es)?$/i.test(await cli.out.ask(`Replay ${rows}? [y/N]`));
}
