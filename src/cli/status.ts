import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { isUrgent } from '../view/needs-person.ts';
import { readCount, readId } from './typed-number.ts';
import { UsageFault } from './usage-fault.ts';

interface StatusOptions {
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly limit?: string;
}

/** `leadsync status`: how things stand now, and what needs a person. */
export function registerStatus(program: Command, cli: Cli): void {
  program
    .command('status')
    .description('how things stand now, and what needs a person')
    .argument('[file-id]', 'one file instead of everything')
    .option('--wait', 'wait until everything has settled; progress goes to standard error')
    .option('--limit <n>', 'at most so many files')
    .option('--json', 'as an object with files, rows, halts and needsPerson')
    .addHelpText(
      'after',
      `
Exit code: 1 when something needs a person and nobody has acknowledged it
(leadsync ack), else 0.

Examples:
  leadsync status
  leadsync status 3 --wait
  leadsync status --json | jq '.rows.lead'
`,
    )
    .action(async (fileId: string | undefined, options: StatusOptions) => {
      const id = fileId === undefined ? null : readId('FILE-ID', fileId);
      const limit = options.limit === undefined ? 10 : readCount('--limit', options.limit);
      const { takeStock, takeStockOfFile } = await import('../view/take-stock.ts');
      const { formatStatus } = await import('./status-text.ts');
      const { statusJson } = await import('../view/status-json.ts');
      const opened = await cli.openLedger();
      try {
        if (options.wait === true) {
          const { waitUntilSettled } = await import('./wait-until-settled.ts');
          await waitUntilSettled(opened, cli.out, id);
        }
        const stock = id === null ? await takeStock(opened, { limit }) : await takeStockOfFile(opened, id);
        if (stock === null)
          throw new UsageFault(`FILE-ID: expected the id of a file (\`leadsync status\` lists them); got "${id}"`);
        cli.out.print(
          options.json === true
            ? JSON.stringify(statusJson(stock, opened.surroundings), null, 2)
            : formatStatus(stock, opened.surroundings, cli.out.width),
        );
        cli.end(isUrgent(stock.needsPerson) ? 1 : 0);
      } finally {
        await opened.close();
      }
    });
}
