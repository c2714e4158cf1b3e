import { type Command, Option } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { formatTable } from '../../cli/table.ts';
import { UsageFault } from '../../cli/usage-fault.ts';
import { scenarios } from '../../sandbox/faults/scenarios.ts';
import { checkout } from '../checkout.ts';
import { announceSandbox } from './sandbox-announcement.ts';
import {
  authenticationModes,
  endpoints,
  readSandboxOptions,
  requiredScope,
  scopes,
  wholeNumber,
  type TypedSandboxOptions,
} from './sandbox-options.ts';

/** `leadsync sandbox`: our Leads API, for trying things. */
export function registerSandbox(program: Command, cli: Cli): void {
  program
    .command('sandbox')
    .description('our own Leads Contract API on this machine, for trying things')
    .option('--port <port>', '0 takes a free one', wholeNumber(65_535), 7080)
    .option('--host <host>', 'what to listen on; beyond this machine only with --auth', '127.0.0.1')
    .addOption(
      new Option('--scenario <name>', 'what goes wrong; --list-scenarios says more')
        .choices(scenarios.map(({ name }) => name))
        .default('calm'),
    )
    .option('--list-scenarios', 'print the scenarios and end')
    .option('--json', 'with --list-scenarios: as an array of { name, does, faults }')
    .option(
      '--seed <n>',
      'the same seed and the same calls: the same faults (default: random)',
      wholeNumber(2 ** 32 - 1),
    )
    .option('--latency <ms>', 'waited before every call', wholeNumber(600_000), 0)
    .addOption(new Option('--auth <mode>', 'how callers log in').choices(authenticationModes).default('none'))
    .option('--client-id <id>', 'with --auth (default: leadsync)')
    .option('--client-secret <text>', 'with --auth basic or oauth2 (default: random, printed)')
    .option('--key <text>', 'with --auth api-key (default: random, printed)')
    .option(
      '--may-call <endpoints>',
      'with --auth: 403 for the others (default: clientData,altaLead,updateLead)',
      endpoints,
    )
    .option('--token-life <seconds>', 'with --auth oauth2 (default: 3600)', wholeNumber(31_536_000, 1))
    .option('--expires-in-as-text', 'with --auth oauth2: "3600" instead of 3600, as some servers answer')
    .option('--scopes <scopes>', 'with --auth oauth2: what is granted (default: whatever is asked for)', scopes)
    .option(
      '--require-scope <endpoint=scope>',
      'with --auth oauth2, once for each endpoint: 403 for a token without the scope',
      requiredScope,
    )
    .option('--contract <version>', 'the version of the API (default: 1.2.5)')
    .addHelpText(
      'after',
      `
A password in a command line is seen by others on this machine: let it be made.

Examples:
  leadsync sandbox
  leadsync sandbox --scenario lost-answers --seed 42
  leadsync sandbox --latency 50 --port 0
  leadsync sandbox --auth oauth2 --token-life 20 --expires-in-as-text
  leadsync sandbox --auth oauth2 --scopes read,write --require-scope altaLead=write
  leadsync sandbox --auth api-key --may-call clientData
  leadsync sandbox --auth basic --host 0.0.0.0

Another scenario while it runs:
  curl -X PUT http://127.0.0.1:7080/__sandbox/faults -H 'content-type: application/json' -d '{"scenario":"slow"}'
`,
    )
    .action(async (typed: TypedSandboxOptions & { readonly listScenarios?: boolean; readonly json?: boolean }) => {
      if (typed.listScenarios === true) return listScenarios(cli, typed.json === true);
      if (typed.json === true) throw new UsageFault('--json: goes with --list-scenarios');
      const { contracts } = await import('../../contract/index.ts');
      const options = readSandboxOptions(typed, contracts);
      const [{ readProcessEnvironment }, { openLedgerStore }, { startSandbox }] = await Promise.all([
        import('../../config/environment.ts'),
        import('../open-stores.ts'),
        import('../../sandbox/start-sandbox.ts'),
      ]);
      const stopped = cli.untilToldToStop();
      const store = await openLedgerStore(readProcessEnvironment({ checkout }));
      try {
        const databaseUrl = (await store.embedded?.urlOf('leadsync_sandbox')) ?? store.url;
        const sandbox = await startSandbox({ databaseUrl, ...options }).catch((error: unknown) => {
          throw unlistenable(error, options) ?? error;
        });
        cli.out.print(announceSandbox(sandbox.url, options));
        await stopped;
        await sandbox.close();
      } finally {
        await store.leave();
      }
    });
}

function listScenarios(cli: Cli, asJson: boolean): void {
  if (asJson) return cli.out.print(JSON.stringify(scenarios, null, 2));
  const rows = scenarios.map(({ name, does }) => [name, does]);
  cli.out.print(formatTable([{ header: 'scenario' }, { header: 'what happens' }], rows, Infinity));
}

/** What the person who typed the command can mend. */
function unlistenable(error: unknown, { host, port }: { readonly host: string; readonly port: number }) {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') return new UsageFault(`--port: ${port} is taken; --port 0 takes a free one`);
  if (code === 'EACCES') return new UsageFault(`--port: ${port} is not allowed to this user`);
  if (code === '42501')
    return new UsageFault(
      'DATABASE_URL: expected a role that may make the sandbox its tables (schema sandbox), found one that may not',
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new UsageFault(`--host: ${host} is no address of this machine`);
  return null;
}
