import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { checkout } from '../checkout.ts';

/** `leadsync migrate`: the schema and who may do what in it, and nothing else. */
export function registerMigrate(program: Command, cli: Cli): void {
  program
    .command('migrate')
    .description(
      'brings the ledger to this version (as DATABASE_ADMIN_URL) and gives the role of DATABASE_URL its rights',
    )
    .addHelpText(
      'after',
      `
Does nothing that is done. Run it before the services of a new version start.

Examples:
  leadsync migrate
  DATABASE_ADMIN_URL=postgres://owner@db/leadsync leadsync migrate
`,
    )
    .action(async () => {
      const [{ readProcessEnvironment }, { migrateStores }] = await Promise.all([
        import('../../config/environment.ts'),
        import('../migrate-stores.ts'),
      ]);
      const said = await migrateStores(readProcessEnvironment({ checkout, withoutKeys: true }), cli.actor);
      for (const line of said) cli.out.print(line);
    });
}
