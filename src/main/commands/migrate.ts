import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';

/** `leadsync migrate`: the schema, and nothing else. */
export function registerMigrate(program: Command, cli: Cli): void {
  program
    .command('migrate')
    .description('brings the ledger to this version (DATABASE_ADMIN_URL, else DATABASE_URL)')
    .action(async () => {
      const opened = await cli.openLedger();
      await opened.close();
      cli.out.print(`the ledger is at this version: ${opened.surroundings.ledger}`);
    });
}
