import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import { fileKinds, type FileKind } from '../domain/file-life.ts';
import type { Cli } from './cli.ts';
import type { PartnerDesk } from './partner-desk.ts';
import { readPartnerId } from './partner-id.ts';
import { sizeOfFile } from './size-of-file.ts';
import { UsageFault } from './usage-fault.ts';

interface InitOptions {
  readonly from: string;
  readonly kind?: FileKind;
  readonly force?: boolean;
  readonly stdout?: boolean;
}

/** `leadsync partner init`: proposes a config from one export. */
export function registerPartnerInit(group: Command, cli: Cli, openDesk: () => Promise<PartnerDesk>): void {
  group
    .command('init')
    .description('proposes a config from an export: its header and first rows')
    .argument('<partner>', 'the id that the partner gets: its file, and its folder in the inbox')
    .requiredOption('--from <file>', 'an export of the partner')
    .addOption(new Option('--kind <kind>', 'what it holds (default: by its columns)').choices(fileKinds))
    .option('--force', 'replace the config that is there')
    .option('--stdout', 'print it, and write nothing')
    .addHelpText(
      'after',
      `
What only a person can know is left blank, with a "?" beside it.

Examples:
  leadsync partner init acme --from export.csv
  leadsync partner init acme --from states.csv --kind updates --stdout
  leadsync partner init acme --from leads-and-states.csv --kind mixed
`,
    )
    .action(async (id: string, options: InitOptions) => {
      const { explainFault } = await import('../app/explain-fault.ts');
      const { readSample } = await import('../app/read-sample.ts');
      const { proposePartner } = await import('../domain/propose-partner.ts');
      const desk = await openDesk();
      readPartnerId(id, desk);
      await sizeOfFile('--from', options.from);
      const sample = await readSample(desk.records, options.from);
      if ('fault' in sample) return cli.end(2, explainFault(sample.fault, 'en', sample.detail).trimEnd());

      const names = desk.rules.map(({ name }) => name);
      const proposal = proposePartner(sample, names, options.kind);
      const text = desk.draft({ ...sample, id, fileName: basename(options.from), proposal });
      if (options.stdout === true) return cli.out.print(text.trimEnd());

      if (!(await desk.write(id, text, { replace: options.force ?? false }))) {
        throw new UsageFault(
          `${desk.pathOf(id)}: expected no config yet; --force replaces it, --stdout only shows one`,
        );
      }
      const { formatDraftSummary } = await import('./partner-draft-text.ts');
      cli.out.print(
        formatDraftSummary(proposal, { id, from: options.from, path: desk.pathOf(id), text }, cli.out.width),
      );
    });
}
