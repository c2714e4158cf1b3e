import type { Command } from 'commander';
import type { Cli, ExitCode, OpenedLedger } from '../../src/cli/cli.ts';
import { buildProgram } from '../../src/cli/program.ts';

export interface Ran {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, 80 columns wide and, by default, without a terminal. Without `opened`, opening anything fails the test. */
export async function runCommand(
  args: readonly string[],
  given: {
    readonly opened?: OpenedLedger;
    readonly answer?: string;
    readonly isTerminal?: boolean;
    readonly more?: readonly ((program: Command, cli: Cli) => void)[];
  } = {},
): Promise<Ran> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  let code: ExitCode = 0;
  const cli: Cli = {
    actor: 'cli:test',
    out: {
      width: 80,
      isTerminal: given.isTerminal ?? false,
      print: (text) => void stdout.push(text),
      note: (text) => void stderr.push(text),
      ask: async () => given.answer ?? '',
      askNewSecret: async () => given.answer ?? '',
    },
    openLedger: async () => {
      if (given.opened === undefined) throw new Error('opened the ledger before the arguments were read');
      return { ...given.opened, close: async () => undefined };
    },
    startService: async () => {
      throw new Error('a command that only looks started the service');
    },
    startConsole: async () => {
      throw new Error('a command that only looks started the console');
    },
    untilToldToStop: async () => 'SIGTERM',
    end(ended, says) {
      if (says !== undefined) stderr.push(says);
      code = ended;
    },
  };
  await buildProgram(
    cli,
    (given.more ?? []).map((register) => (program) => register(program, cli)),
  ).parseAsync(['node', 'leadsync', ...args]);
  return { code, stdout: stdout.join('\n'), stderr: stderr.join('\n') };
}
