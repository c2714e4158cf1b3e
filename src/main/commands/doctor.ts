import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { ConfigFault } from '../../domain/config-fault.ts';
import { checkout } from '../checkout.ts';
import { addField, checkApiOptions, type ApiOptions } from '../doctor/api-options.ts';
import type { Finding } from '../examine.ts';

type DoctorOptions = ApiOptions & { readonly json?: boolean };

/** `leadsync doctor`: the surroundings, one line each, and what to do about what is wrong; with `--api` the Leads API. */
export function registerDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('looks at runtime, settings, folders, ledger, queue and partner configs; with --api at the Leads API')
    .option('--json', 'as an array of { name, ok, says }; of the API: { name, level, result, expected, got, set, … }')
    .option('--api', 'what the configured Leads API does, compared with the specification; creates nothing')
    .option('--nif <->', 'the NIF that it is asked about, asked for or read from standard input')
    .option('--write', 'with --api: creates test leads and updates them, to see limits, refusals and repeats')
    .option('--really-write', 'with --write: in production, too')
    .option('--agent <id>', 'agenteId of the test leads; else the one that the client check names, else 0051245')
    .option('--name <text>', 'name of the test leads; has to begin with "PRUEBA LEADSYNC"')
    .option('--field <name=value>', 'another field of the test leads; any number of times', addField)
    .option('--yes', 'with --write: do not ask')
    .addHelpText(
      'after',
      `
must: leadsync can't work without it · should: the specification says so ·
seen: it is silent, so this is what is done.
Exit code: 0 no must has failed · 1 one has · 2 usage or configuration.

Examples:
  leadsync doctor                                 this installation
  leadsync doctor --api --nif -                   the API; nothing is created
  leadsync doctor --api --write --agent 0051245   the API; test leads are created
`,
    )
    .action(async ({ json, ...options }: DoctorOptions) => {
      checkApiOptions(options);
      if (options.api === true) await doctorApi(cli, options, json === true);
      else await doctorInstallation(cli, json === true);
    });
}

async function doctorApi(cli: Cli, options: ApiOptions, json: boolean): Promise<void> {
  const [{ readProcessEnvironment }, { examineApi }] = await Promise.all([
    import('../../config/environment.ts'),
    import('../doctor/examine-api.ts'),
  ]);
  const isFit = await examineApi(cli, readProcessEnvironment({ checkout }), options, json);
  cli.end(isFit ? 0 : 1);
}

async function doctorInstallation(cli: Cli, json: boolean): Promise<void> {
  const [{ readProcessEnvironment }, { examine }] = await Promise.all([
    import('../../config/environment.ts'),
    import('../examine.ts'),
  ]);
  const findings: Finding[] = [];
  try {
    for await (const finding of examine(readProcessEnvironment({ checkout }))) findings.push(finding);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    findings.push({ name: 'settings', ok: false, says: error.message });
  }
  if (json) cli.out.print(JSON.stringify(findings, null, 2));
  else for (const { name, ok, says } of findings) cli.out.print(`${ok ? 'ok  ' : 'BAD '} ${name.padEnd(10)} ${says}`);
  cli.end(findings.every((finding) => finding.ok) ? 0 : 2);
}
