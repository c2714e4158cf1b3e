import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import type { FileCheck } from '../app/check-partner-file.ts';
import { fileKinds, type FileKind } from '../domain/file-life.ts';
import type { Partner } from '../domain/partner.ts';
import type { Cli } from './cli.ts';
import type { PartnerDesk } from './partner-desk.ts';
import { findPartner } from './partner-id.ts';
import { sizeOfFile } from './size-of-file.ts';

interface CheckOptions {
  readonly file?: string;
  readonly kind?: FileKind;
  readonly json?: boolean;
}

/** `leadsync partner check`: is the config valid, and what would it make of a file? */
export function registerPartnerCheck(group: Command, cli: Cli, openDesk: () => Promise<PartnerDesk>): void {
  group
    .command('check')
    .description('is the config valid, and what would it make of a file? Nothing is sent')
    .argument('<partner>', 'the id of the partner')
    .option('--file <file>', 'an export: it is read as intake would read it')
    .addOption(new Option('--kind <kind>', 'what it holds (default: by its name)').choices(fileKinds))
    .option('--json', 'as an object with partner, config, file and findings')
    .addHelpText(
      'after',
      `
Exit code: 0 fine, 1 something to look at, 2 the config is not valid.

Examples:
  leadsync partner check acme
  leadsync partner check acme --file export.csv
  leadsync partner check acme --file export.csv --json | jq '.file.problems'
`,
    )
    .action(async (id: string, options: CheckOptions) => {
      const { judgePartner } = await import('../domain/judge-partner.ts');
      const { findingsOfConfig } = await import('./partner-doubts.ts');
      const { findingsOfFile } = await import('./partner-findings.ts');
      const { formatFileCheck, formatFindings } = await import('./partner-check-text.ts');
      const desk = await openDesk();
      const { name: config, read } = findPartner(id, desk);
      if ('fault' in read) {
        if (options.json === true) {
          const faults = read.fault.message.split('\n');
          cli.out.print(
            JSON.stringify({ partner: id, config, valid: false, faults, file: null, findings: [] }, null, 2),
          );
        }
        return cli.end(2, `${read.fault.code}\n${read.fault.message}`);
      }
      const { partner } = read;
      const check = options.file === undefined ? null : await checkFile(partner, options.file, options.kind, desk, cli);
      const findings = [
        ...findingsOfConfig(judgePartner(partner, desk.rules)),
        ...(check === null ? [] : findingsOfFile(check, partner)),
      ];
      if (options.json === true) {
        cli.out.print(JSON.stringify({ partner: id, config, valid: true, faults: [], file: check, findings }, null, 2));
      } else {
        cli.out.print(`${desk.pathOf(id)}: valid`);
        if (check !== null) cli.out.print(`\n${formatFileCheck(basename(options.file ?? ''), check, cli.out.width)}`);
        const told = formatFindings(findings, cli.out.width);
        if (told !== '') cli.out.print(told);
      }
      const isRejecting = check?.kind === 'surveyed' && check.valid < check.rows;
      cli.end(isRejecting || findings.some(({ isUrgent }) => isUrgent) ? 1 : 0);
    });
}

async function checkFile(
  partner: Partner,
  path: string,
  typed: FileKind | undefined,
  desk: PartnerDesk,
  cli: Cli,
): Promise<FileCheck> {
  const { checkPartnerFile } = await import('../app/check-partner-file.ts');
  const { kindOfFile, patternsOf } = await import('../domain/match-file.ts');
  const { createReadingProgress } = await import('./reading-progress.ts');
  const bytes = await sizeOfFile('--file', path);
  const kind = typed ?? kindOfFile(basename(path), partner);
  if (kind === null) {
    const patterns = patternsOf(partner).join(', ');
    return { kind: 'refused', code: 'FILE_UNMATCHED', detail: { patterns }, header: null };
  }
  const progress = createReadingProgress(cli.out, bytes);
  try {
    return await checkPartnerFile(desk, { path, partner, kind }, (record) => progress.seen(record));
  } finally {
    progress.stop();
  }
}
