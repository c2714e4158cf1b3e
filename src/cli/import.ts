import { stat } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { acceptFile } from '../app/accept-file.ts';
import { fileKinds, type FileKind } from '../domain/file-life.ts';
import type { Cli } from './cli.ts';
import { watchFile } from './watch-file.ts';

interface ImportOptions {
  readonly partner: string;
  readonly kind?: FileKind;
  readonly again?: boolean;
  readonly wait?: boolean;
  readonly dryRun?: boolean;
}

/** `leadsync import FILE`: one file now, with its progress. */
export function registerImport(program: Command, cli: Cli): void {
  program
    .command('import')
    .description('one file now: read, checked, created and settled, with its progress')
    .argument('<file>', 'a CSV file; it is copied, and stays where it is')
    .requiredOption('--partner <id>', 'whose file it is')
    .addOption(new Option('--kind <kind>', 'what it holds (default: by its name)').choices(fileKinds))
    .option('--again', 'import the same bytes once more; leads that exist stay duplicates')
    .option('--wait', 'wait for rows that are tried again later, too')
    .option('--dry-run', 'write what would become of each row to <name>.dry-run.csv here, and send nothing')
    .addHelpText(
      'after',
      `
--dry-run writes the columns of a result file, with the outcomes would_check,
duplicate and rejected (updates: would_push). It calls nothing, writes nothing
in the ledger and needs no API.

Exit code: 1 when the file is refused or held, or when rows need a person.

Examples:
  leadsync import export.csv --partner acme
  leadsync import export.csv --partner acme --dry-run
  leadsync import states.csv --partner acme --kind updates --wait
`,
    )
    .action(async (path: string, options: ImportOptions) => {
      const found = await stat(path).catch(() => null);
      if (found === null || !found.isFile()) {
        return cli.end(
          2,
          `FILE: expected a file that can be read, found ${found === null ? 'nothing' : 'something else'} there`,
        );
      }
      if (options.dryRun === true) {
        const { dryRunCommand } = await import('./import-dry-run.ts');
        return dryRunCommand(cli, path, options);
      }
      const stopping = new AbortController();
      void cli.untilToldToStop().then(() => stopping.abort());
      const service = await cli.startService({ roles: ['intake', 'worker'], watch: false, logLevel: 'warn' });
      try {
        const { ports } = service;
        if (ports.partners.get(options.partner) === null) {
          for (const fault of service.partnerFaults) cli.out.note(fault);
          const known =
            ports.partners
              .list()
              .map((partner) => partner.id)
              .join(', ') || 'none';
          return cli.end(2, `--partner: expected one of ${known}; got "${options.partner}"`);
        }
        const claimed = await ports.folders.claimCopy(options.partner, path);
        const accepted = await acceptFile(ports, claimed, {
          actor: cli.actor,
          now: true,
          again: options.again ?? false,
          ...(options.kind === undefined ? {} : { kind: options.kind }),
        });
        if (accepted.kind === 'refused') {
          const first =
            accepted.file.sameAs === null ? '' : ` (file ${accepted.file.sameAs}; --again reads it once more)`;
          return cli.end(accepted.code === 'FILE_ALREADY_IMPORTED' ? 0 : 1, `${accepted.code}${first}`);
        }
        return await watchFile(ports, cli, accepted.file.id, { wait: options.wait ?? false, signal: stopping.signal });
      } finally {
        await service.stop('import ended');
      }
    });
}
