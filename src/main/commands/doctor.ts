import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { ConfigFault } from '../../domain/config-fault.ts';
import { checkout } from '../checkout.ts';
import { examine, type Finding } from '../examine.ts';

/** `leadsync doctor`: the surroundings, one line each, and what to do about what is wrong. */
export function registerDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('looks at runtime, settings, folders, ledger, queue and partner configs')
    .option('--json', 'as an array of { name, ok, says }')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { readProcessEnvironment } = await import('../../config/environment.ts');
      const findings: Finding[] = [];
      try {
        for await (const finding of examine(readProcessEnvironment({ checkout }))) findings.push(finding);
      } catch (error) {
        if (!(error instanceof ConfigFault)) throw error;
        findings.push({ name: 'settings', ok: false, says: error.message });
      }
      if (json === true) cli.out.print(JSON.stringify(findings, null, 2));
      else
        for (const { name, ok, says } of findings) cli.out.print(`${ok ? 'ok  ' : 'BAD '} ${name.padEnd(10)} ${says}`);
      cli.end(findings.every((finding) => finding.ok) ? 0 : 2);
    });
}
