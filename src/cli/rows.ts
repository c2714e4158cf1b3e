import type { Command } from 'commander';
import type { RowFilter } from '../app/ports/ledger.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { mustBeAskedFor } from './personal-key.ts';
import { UsageFault } from './usage-fault.ts';
import { addRowFilters, readRowFilter, type RowFilterOptions } from './row-filter.ts';

interface RowsOptions extends RowFilterOptions {
  readonly nif?: string;
  readonly json?: boolean;
}

/** `leadsync rows`: rows, newest first. */
export function registerRows(program: Command, cli: Cli): void {
  addRowFilters(program.command('rows').description('rows, newest first'))
    .option('--nif <->', 'of a NIF, phone or e-mail, asked for or read from standard input')
    .option('--json', 'as an array of objects')
    .addHelpText(
      'after',
      `
Examples:
  leadsync rows --partner acme --state in_doubt
  leadsync rows --file 3 --code ROW_NIF_INVALID --limit 500
  leadsync rows --since 2h --json
  leadsync rows --partner acme --nif -
`,
    )
    .action(async (options: RowsOptions) => {
      mustBeAskedFor('--nif', options.nif);
      const filterAt = readRowFilter(options, 50);
      const { formatRows } = await import('./row-table.ts');
      const { rowJson } = await import('../view/row-json.ts');
      const opened = await cli.openLedger();
      try {
        const { timeZone } = opened.surroundings;
        const filter = filterAt({ now: new Date(), timeZone });
        const rows =
          options.nif === undefined ? await opened.ledger.rows(filter) : await rowsAskedFor(cli, opened, filter);
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

async function rowsAskedFor(
  { actor, out }: Cli,
  opened: OpenedLedger,
  filter: RowFilter,
): Promise<readonly LedgerRow[]> {
  const { rowsOfPerson } = await import('./rows-of-person.ts');
  const { readPersonKeys } = await import('../domain/person-key.ts');
  const text = await out.ask('NIF, phone or e-mail:');
  if (readPersonKeys(text).length === 0)
    throw new UsageFault('--nif: expected a NIF, phone number or e-mail address; got something else');
  return rowsOfPerson(opened, text, filter, { actor, out, by: 'rows' });
}
