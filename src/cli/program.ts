import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { registerAck } from './ack.ts';
import { registerAudit } from './audit.ts';
import { registerBreaker } from './breaker.ts';
import { registerCancel } from './cancel.ts';
import type { Cli } from './cli.ts';
import { registerDeliveries } from './deliveries.ts';
import { registerErase } from './erase.ts';
import { registerFile } from './file.ts';
import { registerInDoubt } from './in-doubt.ts';
import { registerLead } from './lead.ts';
import { refusePersonalArguments } from './personal-arguments.ts';
import { registerPause, registerResume } from './pause.ts';
import { registerReconcile } from './reconcile.ts';
import { registerRecover } from './recover.ts';
import { registerReplay } from './replay.ts';
import { registerReport } from './report.ts';
import { registerResolve } from './resolve.ts';
import { registerRows } from './rows.ts';
import { registerStatus } from './status.ts';
import { registerUpdate } from './update.ts';
import { UsageFault } from './usage-fault.ts';

const commands = [
  registerStatus,
  registerReport,
  registerAck,
  registerInDoubt,
  registerRows,
  registerLead,
  registerFile,
  registerReplay,
  registerCancel,
  registerErase,
  registerResolve,
  registerReconcile,
  registerRecover,
  registerUpdate,
  registerAudit,
  registerPause,
  registerResume,
  registerBreaker,
  registerDeliveries,
];

/**
 * The command line with all its commands; `more` are those that belong to main. Parsing never ends the process: faults of
 * usage are told in one line on standard error and set the exit code 2.
 */
export function buildProgram(cli: Cli, more: readonly ((program: Command) => void)[]): Command {
  const program = new Program(cli);
  program
    .name('leadsync')
    .description("Carries leads from partners' CRM exports into the Leads API, once each, and brings the answers back.")
    .version(ownVersion(), '-V, --version')
    .helpCommand('help [command]', 'how a command is used')
    .configureOutput({
      writeOut: (text) => cli.out.print(text.trimEnd()),
      writeErr: (text) => cli.out.note(text.trimEnd()),
      outputError: (text, write) => write(text.trim().replaceAll(/\s*\n\s*/g, ' ')),
      getOutHelpWidth: () => cli.out.width,
      getErrHelpWidth: () => cli.out.width,
    })
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  leadsync demo                              the whole journey on example files
  leadsync run                               the service
  leadsync import export.csv --partner acme  one file now
  leadsync status                            what is done, what needs a person
  leadsync lead CRM-2026-0042                one lead's whole life

Exit code: 0 ok · 1 something needs a person · 2 usage or configuration.
`,
    );
  for (const register of more) register(program);
  for (const register of commands) register(program, cli);
  return program;
}

/** Commander ends the process or throws; here a fault of usage sets the exit code, so that what is open is closed first. */
class Program extends Command {
  readonly #cli: Cli;

  constructor(cli: Cli) {
    super();
    this.#cli = cli;
  }

  override async parseAsync(...args: Parameters<Command['parseAsync']>): Promise<this> {
    try {
      refusePersonalArguments((args[0] ?? process.argv).slice(2));
      return await super.parseAsync(...args);
    } catch (error) {
      // Commander has said it already.
      if (error instanceof CommanderError) this.#cli.end(error.exitCode === 0 ? 0 : 2);
      else if (error instanceof UsageFault) this.#cli.end(2, `error: ${error.message}`);
      else throw error;
      return this;
    }
  }
}

function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
