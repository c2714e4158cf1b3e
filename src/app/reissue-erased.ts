import { blankAlone, type BlankPorts } from './blank-records.ts';
import { whereIs } from './file-act.ts';
import type { Ports } from './ports.ts';
import type { IssuedFile, Stretch } from './ports/kept-files.ts';
import type { LedgerFile } from './ports/ledger.ts';
import { publishResult } from './publish-result.ts';

type ReissuePorts = BlankPorts & Pick<Ports, 'folders' | 'ledger' | 'partners' | 'settings' | 'vault'>;

/**
 * Takes a file's erased rows out of what was issued about it: the newest result is issued once more from the ledger, with
 * its manifest; in older ones, which the ledger can't draw any more, the rows are blanked. Whatever stands under a name that
 * the file no longer has is renamed or taken away. `busy`: another process issues it at this moment.
 */
export async function reissueErased(
  ports: ReissuePorts,
  file: LedgerFile,
  { name, rows, actor }: { readonly name: string; readonly rows: ReadonlySet<number>; readonly actor: string },
): Promise<'busy' | 'done' | 'no_config'> {
  const { kept, ledger } = ports;
  const before = await kept.issuedOf(file.partner, file.id, name);
  if (before.every(({ what }) => what === 'receipt')) {
    await takeAway(ports, before, ({ isUnderName }) => !isUnderName);
    return 'done';
  }
  const where = whereIs(file);
  if (where !== 'read' && where !== 'settled') {
    // It was turned away after it had been read: an interim result of it is of no use to anybody.
    await takeAway(ports, before, () => true);
    return 'done';
  }
  const partner = ports.partners.get(file.partner);
  if (partner === null) return 'no_config';
  const issued = await ledger.readResult(
    file.id,
    async (picture) => {
      await publishResult(ports, partner, picture);
      const { version, moves, pending } = picture;
      return { isWhole: pending === 0 && picture.file.heldFrom === null, version, moves };
    },
    { interim: true },
  );
  if (issued === null) return 'busy';
  if (issued.isWhole) await ledger.settleFile(file.id, issued, actor);
  else await ledger.noteReport(file.id, issued);

  const after = await kept.issuedOf(file.partner, file.id, name);
  for (const older of after.filter(({ what, version }) => what === 'result' && version !== null)) {
    await blankOlder(ports, older, rows);
    if (!older.isUnderName) await kept.renameIssued(older, name);
  }
  await takeAway(ports, after, ({ isUnderName, version }) => !isUnderName && version === null);
  return 'done';
}

async function takeAway(
  { kept }: ReissuePorts,
  issued: readonly IssuedFile[],
  which: (one: IssuedFile) => boolean,
): Promise<void> {
  for (const { path } of issued.filter(which)) await kept.remove({ path, place: 'archive' });
}
/** A line of ours begins with the number of its row. */
async function blankOlder(ports: ReissuePorts, { path }: IssuedFile, rows: ReadonlySet<number>): Promise<void> {
  const opened = await ports.records.open(path, { match: '*' }, noLimits);
  // Without a line there is nothing in it.
  if ('fault' in opened) return;
  const stretches: Stretch[] = [];
  for await (const record of opened.records) {
    if (!('cells' in record) || !rows.has(Number(record.cells[0]))) continue;
    if (record.at !== null && record.next !== null) stretches.push({ at: record.at, next: record.next });
  }
  if (stretches.length === 0) return;
  await blankAlone(ports, path, stretches, opened.encoding);
}

const noLimits = { maxBytes: Infinity, maxRows: Infinity, maxCell: 1 << 20 };
