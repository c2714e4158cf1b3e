import { InvalidArgumentError, type Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { checkout } from '../checkout.ts';

/** `leadsync sandbox`: our Leads API, for trying things. */
export function registerSandbox(program: Command, cli: Cli): void {
  program
    .command('sandbox')
    .description('our own Leads Contract API on this machine, for trying things')
    .option('--port <port>', 'port on 127.0.0.1', parsePort, 7080)
    .addHelpText(
      'after',
      '\nThen, elsewhere:\n  LEADS_API_URL=http://127.0.0.1:7080 LEADS_API_ENVIRONMENT=sandbox npx leadsync run\n',
    )
    .action(async ({ port }: { readonly port: number }) => {
      const [{ readProcessEnvironment }, { openLedgerStore }, { startSandbox }] = await Promise.all([
        import('../../config/environment.ts'),
        import('../open-stores.ts'),
        import('../../sandbox/start-sandbox.ts'),
      ]);
      const stopped = cli.untilToldToStop();
      const store = await openLedgerStore(readProcessEnvironment({ checkout }));
      try {
        const databaseUrl = (await store.embedded?.urlOf('leadsync_sandbox')) ?? store.url;
        const sandbox = await startSandbox({ databaseUrl, port });
        cli.out.print(`Leads API sandbox at ${sandbox.url}`);
        await stopped;
        await sandbox.close();
      } finally {
        await store.leave();
      }
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('expected 0 to 65535');
  return port;
}
