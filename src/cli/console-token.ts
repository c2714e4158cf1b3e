import { type Command, Option } from 'commander';
import type { MachineUser } from '../app/ports/machine-users.ts';
import type { Cli } from './cli.ts';
import type { TokenDesk } from './token-desk.ts';
import { readCount } from './typed-number.ts';
import { UsageFault } from './usage-fault.ts';

const roles = ['viewer', 'operator', 'admin'] as const;
const dayMs = 24 * 3_600_000;
const mostDays = 3_650;

interface MakeOptions {
  readonly role: (typeof roles)[number];
  readonly days?: string;
}

/** `leadsync console-token`: who may use the console's JSON API. `openDesk` is asked when a command needs it. */
export function registerConsoleToken(program: Command, cli: Cli, openDesk: () => Promise<TokenDesk>): void {
  const group = program
    .command('console-token')
    .description('machines that may use the JSON API of the console: make, list, revoke')
    .addHelpText('after', '\nExamples:\n  leadsync console-token list\n  leadsync help console-token make\n');

  group
    .command('make')
    .description('a machine user with a token, which is shown once and kept as a hash')
    .argument('<name>', 'letters, digits and . _ -')
    .addOption(
      new Option('--role <role>', 'viewer looks, operator acts, admin also stops and starts everything')
        .choices(roles)
        .default('viewer'),
    )
    .option('--days <n>', 'the token is good for so many days (default: until it is revoked)')
    .addHelpText(
      'after',
      `
The token goes to standard output, alone: let it go where it is needed. It is
good at once, at every console that reads the file (CONSOLE_MACHINES).

Examples:
  leadsync console-token make crm --role operator --days 365
  leadsync console-token make grafana > /run/secrets/leadsync-token
`,
    )
    .action(async (name: string, { role, days }: MakeOptions) => {
      if (!/^[\w.-]{1,64}$/.test(name))
        throw new UsageFault(`NAME: expected up to 64 letters, digits and . _ -; got "${name}"`);
      const goodFor = days === undefined ? null : readCount('--days', days);
      if (goodFor !== null && goodFor > mostDays)
        throw new UsageFault(`--days: expected at most ${mostDays}; got ${goodFor}`);
      const desk = await openDesk();
      const token = desk.tokens.make();
      const madeAt = new Date();
      const expiresAt = goodFor === null ? null : new Date(madeAt.getTime() + goodFor * dayMs);
      await desk.change((users) => {
        if (users.some((one) => one.name === name))
          throw new UsageFault(
            `NAME: expected a new one; "${name}" has a token (leadsync console-token revoke ${name})`,
          );
        return [...users, { name, role, tokenHash: desk.tokens.hash(token), madeAt, expiresAt }];
      });
      cli.out.print(token);
      cli.out.note(`${name} (${role}) is added to ${desk.path}; the token is shown this once`);
    });

  group
    .command('list')
    .description('who has a token, and until when')
    .option('--json', 'as an array of objects')
    .addHelpText('after', '\nExamples:\n  leadsync console-token list --json\n')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { path, read } = await openDesk();
      const users = read().map(({ name, role, madeAt, expiresAt }) => ({ name, role, madeAt, expiresAt }));
      if (json === true) return cli.out.print(JSON.stringify(users, null, 2));
      if (users.length === 0) return cli.out.print(`no machine user in ${path}`);
      const { formatTable } = await import('./table.ts');
      cli.out.print(
        formatTable(
          [{ header: 'name', canShrink: true }, { header: 'role' }, { header: 'made' }, { header: 'good until' }],
          users.map(({ name, role, madeAt, expiresAt }) => [name, role, dayOf(madeAt), sayEnd(expiresAt)]),
          cli.out.width,
        ),
      );
    });

  group
    .command('revoke')
    .description('takes a machine user away: its token is refused from now on')
    .argument('<name>', 'as `console-token list` has it')
    .addHelpText('after', '\nExamples:\n  leadsync console-token revoke crm\n')
    .action(async (name: string) => {
      const desk = await openDesk();
      await desk.change((users) => {
        const others = users.filter((one) => one.name !== name);
        if (others.length === users.length)
          throw new UsageFault(`NAME: expected one of ${sayNames(users)}; got "${name}"`);
        return others;
      });
      cli.out.print(`${name} has no token any more`);
    });
}

function sayNames(users: readonly MachineUser[]): string {
  return users.map(({ name }) => name).join(', ') || 'none';
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function sayEnd(expiresAt: Date | null): string {
  if (expiresAt === null) return 'revoked';
  return expiresAt.getTime() > Date.now() ? dayOf(expiresAt) : `${dayOf(expiresAt)}, over`;
}
