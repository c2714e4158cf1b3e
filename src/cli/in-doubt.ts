import type { Command } from 'commander';
import type { AskedRows } from '../app/ask-insurer.ts';
import type { RowFilter } from '../app/ports/ledger.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { addRowFilters, readRowFilter, readRowSelection, type RowFilterOptions } from './row-filter.ts';
import { UsageFault } from './usage-fault.ts';

interface DoubtOptions extends RowFilterOptions {
  readonly ask?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `leadsync in-doubt`: the work list of a person, with what to do about each row. */
export function registerInDoubt(program: Command, cli: Cli): void {
  addRowFilters(
    program.command('in-doubt').description('rows whose request may have been carried out, and what to do about each'),
    {
      without: ['state'],
    },
  )
    .option('--ask <file.csv>', 'write what to send to the insurer, all rows that fit')
    .option('--reason <text>', 'with --ask: why; it is audited (defaults to "to ask the insurer")')
    .option('--json', 'as an array of objects')
    .addHelpText(
      'after',
      `
The list of --ask holds personal data: the ids as they were sent, the end of the
NIF. The file must be new and is readable by its owner alone.

Exit code: 1 when a row is in doubt and nobody has acknowledged it, else 0.

Examples:
  leadsync in-doubt --partner acme
  leadsync in-doubt --kind updates --json
  leadsync in-doubt --partner acme --ask ask-acme.csv --reason "ticket 8812"
`,
    )
    .action(async (options: DoubtOptions) => {
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
function readAct(options: DoubtOptions): (cli: Cli, opened: OpenedLedger) => Promise<void> {
  const { ask } = options;
  const momentOf = ({ surroundings }: OpenedLedger) => ({ now: new Date(), timeZone: surroundings.timeZone });
  if (ask === undefined) {
    const filterAt = readRowFilter({ ...options, state: 'in_doubt' }, 20);
    return (cli, opened) => list(cli, opened, filterAt(momentOf(opened)), options.json === true);
  }
  if (options.json === true) throw new UsageFault('--json: expected without --ask, which writes CSV');
  const reason = requiredReason(options.reason ?? 'to ask the insurer');
  const askedAt = readRowSelection(options);
  return (cli, opened) => writeAsk(cli, opened, askedAt(momentOf(opened)), { path: ask, reason });
}

async function list(cli: Cli, opened: OpenedLedger, filter: RowFilter, isJson: boolean): Promise<void> {
  const { formatDoubt } = await import('./doubt.ts');
  const { doubtJson, readDoubt } = await import('../view/doubt.ts');
  const { timeZone } = opened.surroundings;
  const rows = await opened.ledger.rows(filter);
  const doubts = await Promise.all(rows.map((row) => readDoubt(opened, row)));
  if (isJson) cli.out.print(JSON.stringify(doubts.map(doubtJson), null, 2));
  else if (doubts.length === 0) cli.out.print('no row is in doubt');
  else cli.out.print(doubts.map((doubt) => formatDoubt(doubt, { timeZone, width: cli.out.width })).join('\n\n'));
  if (rows.length === filter.limit) cli.out.note(`the newest ${filter.limit}; --limit N shows more`);
  cli.end(rows.length > 0 && (await isNews(opened, rows)) ? 1 : 0);
}

/** Is there one among them that nobody has acknowledged? */
async function isNews({ alarms, ledger }: OpenedLedger, rows: readonly LedgerRow[]): Promise<boolean> {
  const { acknowledge, isUrgent, needsPerson } = await import('../view/needs-person.ts');
  const shown = new Set(rows.map(({ partner, kind }) => `${partner} ${kind}`));
  const counts = (await ledger.counts()).filter(
    ({ partner, kind, state }) => state === 'in_doubt' && shown.has(`${partner} ${kind}`),
  );
  const needs = needsPerson({ counts, halts: [], files: [] });
  return isUrgent(acknowledge(needs, await alarms.acknowledgements(), new Date()));
}

async function writeAsk(
  cli: Cli,
  opened: OpenedLedger,
  asked: AskedRows,
  { path, reason }: { readonly path: string; readonly reason: string },
): Promise<void> {
  const [{ askInsurer, countDoubts }, { writeNewFile }, { sayRows }] = await Promise.all([
    import('../app/ask-insurer.ts'),
    import('./write-new-file.ts'),
    import('../view/say-rows.ts'),
  ]);
  const count = await countDoubts(opened, asked);
  if (count === 0) return cli.out.print('no row is in doubt; nothing was written');
  const ports = { ...opened, auditLog: opened.auditTrail.log };
  await writeNewFile(path, askInsurer(ports, asked, { actor: cli.actor, reason }));
  cli.out.print(`${sayRows(count)} in ${path}, which holds personal data and is readable by its owner alone`);
  cli.out.note('with the answer: `leadsync resolve ROW`, or `leadsync reconcile` with a listing');
  cli.end(1);
}
