import { InvalidArgumentError, type Command } from 'commander';
import type { Cli } from './cli.ts';
import type { Role } from './service.ts';

const allRoles: readonly Role[] = ['intake', 'worker', 'console'];

/** `leadsync run`: the service, until it is told to stop. */
export function registerRun(program: Command, cli: Cli): void {
  program
    .command('run')
    .description('the service: watches the inboxes, works rows, settles files, shows the console; SIGTERM drains')
    .option('--roles <roles>', `some of ${allRoles.join(',')}`, parseRoles, [...allRoles])
    .addHelpText(
      'after',
      `
Examples:
  leadsync run
  leadsync run --roles worker      a host that does not see the inbox
  leadsync run --roles console     the console alone, beside services elsewhere
`,
    )
    .action(async ({ roles }: { readonly roles: readonly Role[] }, command: Command) => {
      // Listened for before anything is started, so that a stop during the start is not lost.
      const stopped = cli.untilToldToStop();
      const isConsoleOptional = command.getOptionValueSource('roles') === 'default';
      const isAlone = roles.every((role) => role === 'console');
      const service = isAlone
        ? await cli.startConsole()
        : await cli.startService({ roles, watch: true, isConsoleOptional });
      const { surroundings } = service;
      cli.out.note(
        [
          `home         ${surroundings.home}`,
          `environment  ${surroundings.environment}`,
          `ledger       ${surroundings.ledger}`,
          `queue        ${surroundings.queue}`,
          `api          ${surroundings.api}`,
          ...(service.consoleUrl === null ? [] : [`console      ${service.consoleUrl}`]),
          ...service.warnings.map((warning) => `warning      ${warning}`),
        ].join('\n'),
      );
      const { drained } = await service.stop(await stopped);
      if (!drained) cli.out.note('stopped before everything in progress had ended; it goes on at the next start');
    });
}

function parseRoles(text: string): readonly Role[] {
  return text.split(',').map((word) => {
    const role = allRoles.find((known) => known === word.trim());
    if (role === undefined) throw new InvalidArgumentError(`expected some of ${allRoles.join(',')}, got "${word}"`);
    return role;
  });
}
