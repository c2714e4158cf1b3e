import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { addRowFilters, readRowFilter, type RowFilterOptions } from './row-filter.ts';

/** `leadsync in-doubt`: the work list of a person, with what to do about each row. */
export function registerInDoubt(program: Command, cli: Cli): void {
  addRowFilters(
    program.command('in-doubt').description('rows whose request may have been carried out, and what to do about each'),
    {
      without: ['state'],
    },
  )
    .option('--json', 'as an array of objects')
    .addHelpText(
      'after',
      `
Exit code: 1 when a row is in doubt, else 0.

Examples:
  leadsync in-doubt --partner acme
  leadsync in-doubt --kind updates --json
`,
    )
    .action(async (options: RowFilterOptions & { readonly json?: boolean }) => {
      const filterAt = readRowFilter({ ...options, state: 'in_doubt' }, 20);
      const { doubtJson, formatDoubt, readDoubt } = await import('./doubt.ts');
      const opened = await cli.openLedger();
      try {
        const { timeZone } = opened.surroundings;
        const filter = filterAt({ now: new Date(), timeZone });
        const rows = await opened.ledger.rows(filter);
        const doubts = await Promise.all(rows.map((row) => readDoubt(opened, row)));
        if (options.json === true) cli.out.print(JSON.stringify(doubts.map(doubtJson), null, 2));
        else if (doubts.length === 0) cli.out.print('no row is in doubt');
        else cli.out.print(doubts.map((doubt) => formatDoubt(doubt, { timeZone, width: cli.out.width })).join('\n\n'));
        if (rows.length === filter.limit) cli.out.note(`the newest ${filter.limit}; --limit N shows more`);
        cli.end(rows.length > 0 ? 1 : 0);
      } finally {
        await opened.close();
      }
    });
}
