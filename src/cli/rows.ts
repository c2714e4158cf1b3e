import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { addRowFilters, readRowFilter, type RowFilterOptions } from './row-filter.ts';

/** `leadsync rows`: rows, newest first. */
export function registerRows(program: Command, cli: Cli): void {
  addRowFilters(program.command('rows').description('rows, newest first'))
    .option('--json', 'as an array of objects')
    .addHelpText(
      'after',
      `
Examples:
  leadsync rows --partner acme --state in_doubt
  leadsync rows --file 3 --code ROW_NIF_INVALID --limit 500
  leadsync rows --since 2h --json
`,
    )
    .action(async (options: RowFilterOptions & { readonly json?: boolean }) => {
      const filterAt = readRowFilter(options, 50);
      const { formatRows } = await import('./row-table.ts');
      const { rowJson } = await import('./row-json.ts');
      const opened = await cli.openLedger();
      try {
        const { timeZone } = opened.surroundings;
        const filter = filterAt({ now: new Date(), timeZone });
        const rows = await opened.ledger.rows(filter);
        if (options.json === true) {
          const listed = await Promise.all(rows.map((row) => rowJson(opened.vault, row)));
          return cli.out.print(JSON.stringify(listed, null, 2));
        }
        if (rows.length === 0) return cli.out.print('no such rows');
        cli.out.print(formatRows(rows, { timeZone, width: cli.out.width }));
        if (rows.length === filter.limit) cli.out.note(`the newest ${filter.limit}; --limit N shows more`);
      } finally {
        await opened.close();
      }
    });
}
