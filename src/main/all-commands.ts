import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { registerConsoleToken } from '../cli/console-token.ts';
import { registerConsoleUser } from '../cli/console-user.ts';
import { registerImport } from '../cli/import.ts';
import { registerPartner } from '../cli/partner.ts';
import { registerRun } from '../cli/run.ts';
import { buildProgram } from '../cli/program.ts';
import { checkout } from './checkout.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerKey } from './commands/key.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerRetentionWithOpen } from './commands/retention.ts';
import { registerSandbox } from './commands/sandbox.ts';
import { registerStop } from './commands/stop.ts';

/** The whole command line: the commands of `cli`, and those that need something opened that only main can open. */
export function allCommands(cli: Cli): Command {
  const openDesk = async () => {
    const { readProcessEnvironment } = await import('../config/environment.ts');
    const { openPartnerDesk } = await import('./open-partner-desk.ts');
    return openPartnerDesk(readProcessEnvironment({ checkout }));
  };
  const openPasswords = async () => {
    const { createPasswords } = await import('../adapters/crypto/passwords.ts');
    return createPasswords();
  };
  const openTokens = async () => {
    const { readProcessEnvironment } = await import('../config/environment.ts');
    const { openTokenDesk } = await import('./open-token-desk.ts');
    return openTokenDesk(readProcessEnvironment({ checkout }).console.machines);
  };
  return buildProgram(cli, [
    (commands) => registerRun(commands, cli),
    (commands) => registerImport(commands, cli),
    (commands) => registerPartner(commands, cli, openDesk),
    (commands) => registerConsoleUser(commands, cli, openPasswords),
    (commands) => registerConsoleToken(commands, cli, openTokens),
    (commands) => registerDemo(commands, cli),
    (commands) => registerSandbox(commands, cli),
    (commands) => registerMigrate(commands, cli),
    (commands) => registerKey(commands, cli),
    (commands) => registerRetentionWithOpen(commands, cli),
    (commands) => registerDoctor(commands, cli),
    (commands) => registerStop(commands, cli),
  ]);
}
