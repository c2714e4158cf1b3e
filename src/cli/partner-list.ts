import type { Command } from 'commander';
import { ConfigFault } from '../domain/config-fault.ts';
import { kindsWithPattern, patternsOf } from '../domain/match-file.ts';
import type { Partner } from '../domain/partner.ts';
import type { Cli } from './cli.ts';
import type { PartnerDesk, PartnerOnDisk } from './partner-desk.ts';

/** What the ledger has seen of a partner. The count stops at `mostFiles`. */
interface Seen {
  readonly files: number;
  readonly newest: Date | null;
}

const mostFiles = 1_000;

/** `leadsync partner list`: every config of the folder, valid or what is wrong with it. */
export function registerPartnerList(group: Command, cli: Cli, openDesk: () => Promise<PartnerDesk>): void {
  group
    .command('list')
    .description('every config, valid or what is wrong with it, and the files seen')
    .option('--json', 'as an array of objects')
    .addHelpText(
      'after',
      `
Exit code: 2 when a config is not valid, else 0.

Examples:
  leadsync partner list
  leadsync partner list --json | jq '.[] | select(.valid | not)'
`,
    )
    .action(async ({ json }: { readonly json?: boolean }) => {
      const desk = await openDesk();
      const configs = desk.configs();
      const seen = configs.length === 0 ? new Map<string, Seen>() : await seenOf(configs, cli);
      const listed = configs.map((config) => listedOf(config, seen?.get(config.id) ?? null));
      if (json === true) cli.out.print(JSON.stringify(listed, null, 2));
      else cli.out.print(await formatList(listed, desk, cli.out.width));
      cli.end(listed.every(({ valid }) => valid) ? 0 : 2);
    });
}

/** Null where the ledger can't be opened: the configs are worth seeing all the same. */
async function seenOf(configs: readonly PartnerOnDisk[], cli: Cli): Promise<ReadonlyMap<string, Seen> | null> {
  try {
    const opened = await cli.openLedger();
    try {
      const seen = new Map<string, Seen>();
      for (const { id } of configs) {
        const files = await opened.ledger.files({ partner: id, limit: mostFiles });
        seen.set(id, { files: files.length, newest: files[0]?.arrivedAt ?? null });
      }
      return seen;
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    cli.out.note(`the files seen are not known: ${error.message}`);
    return null;
  }
}

type Listed = ReturnType<typeof listedOf>;

function listedOf({ id, name, read }: PartnerOnDisk, seen: Seen | null) {
  const partner = 'partner' in read ? read.partner : null;
  return {
    id,
    config: name,
    valid: partner !== null,
    faults: 'fault' in read ? read.fault.message.split('\n') : [],
    reads: partner === null ? null : readsOf(partner),
    schedule: partner?.schedule ?? null,
    files: seen?.files ?? null,
    newest: seen?.newest ?? null,
  };
}

function readsOf(partner: Partner): Readonly<Record<string, string>> {
  const kinds = kindsWithPattern(partner);
  if (kinds.length === 0) return { leads: patternsOf(partner).join(' ') };
  return Object.fromEntries(kinds.map(({ kind, pattern }) => [kind, pattern.match]));
}

async function formatList(all: readonly Listed[], { folder, timeZone }: PartnerDesk, width: number): Promise<string> {
  if (all.length === 0) return `no partner configs in ${folder}\n  leadsync partner init ID --from EXPORT.csv`;
  const { showInstant } = await import('../view/instant.ts');
  const { formatTable } = await import('./table.ts');
  const hasMixed = all.some(({ reads }) => reads?.['mixed'] !== undefined);
  const rows = all.map(({ id, valid, reads, schedule, files, newest }) => [
    id,
    valid ? 'valid' : 'NOT VALID',
    reads?.['leads'] ?? '',
    reads?.['updates'] ?? '',
    ...(hasMixed ? [reads?.['mixed'] ?? ''] : []),
    valid ? saySchedule(schedule, timeZone) : '',
    files === null ? '?' : files === mostFiles ? `${mostFiles}+` : String(files),
    newest === null ? '' : showInstant(newest, timeZone).slice(0, 16),
  ]);
  const faults = all.flatMap((one) => one.faults);
  return [formatTable(columnsFor(hasMixed), rows, width), ...(faults.length === 0 ? [] : ['', ...faults])].join('\n');
}

/** The zone only where it is not the installation's. */
function saySchedule(schedule: Partner['schedule'], timeZone: string): string {
  if (schedule === null) return 'on arrival';
  return schedule.timeZone === timeZone ? schedule.cron : `${schedule.cron} ${schedule.timeZone}`;
}

/** Few partners send mixed files: the column is there where one does. */
function columnsFor(hasMixed: boolean) {
  return [
    { header: 'partner' },
    { header: 'config' },
    { header: 'leads', canShrink: true },
    { header: 'updates', canShrink: true },
    ...(hasMixed ? [{ header: 'mixed', canShrink: true }] : []),
    { header: 'sent', canShrink: true },
    { header: 'files', align: 'right' },
    { header: 'newest' },
  ] as const;
}
