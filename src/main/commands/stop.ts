import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { checkout } from '../checkout.ts';

/** `leadsync stop`: ends the embedded servers of the home. A running service starts them again. */
export function registerStop(program: Command, cli: Cli): void {
  program
    .command('stop')
    .description('ends the embedded database and the private Redis of this home')
    .addHelpText(
      'after',
      '\nA running service starts them again: stop it first.\n\nExamples:\n  leadsync stop\n  LEADSYNC_HOME=/srv/leadsync leadsync stop\n',
    )
    .action(async () => {
      const [{ readProcessEnvironment }, { stopEmbeddedDatabase }, { stopPrivateRedis }] = await Promise.all([
        import('../../config/environment.ts'),
        import('../../adapters/postgres/embedded-database.ts'),
        import('../../adapters/redis/private-redis.ts'),
      ]);
      const { home } = readProcessEnvironment({ checkout });
      const words = { stopped: 'stopped', not_running: 'was not running' } as const;
      cli.out.print(`queue (private Redis)         ${words[await stopPrivateRedis(home)]}`);
      cli.out.print(`ledger (embedded PostgreSQL)  ${words[await stopEmbeddedDatabase(home)]}`);
    });
}
