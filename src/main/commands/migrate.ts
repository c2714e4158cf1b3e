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
    .action(async () => {
      const [{ readProcessEnvironment }, { migrateStores }] = await Promise.all([
        import('../../config/environment.ts'),
        import('../migrate-stores.ts'),
      ]);
      const said = await migrateStores(readProcessEnvironment({ checkout, withoutKeys: true }), cli.actor);
      for (const line of said) cli.out.print(line);
    });
}
