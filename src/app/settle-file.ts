import { resultColumns, resultLine } from './result-line.ts';
import type { Ports } from './ports.ts';
import type { JobEnd } from './ports/job-queue.ts';
import type { LedgerFile, ResultPicture } from './ports/ledger.ts';
import type { PublishedFile } from './ports/folders.ts';
import type { LedgerRow } from './ports/row.ts';
import type { Vault } from './ports/vault.ts';
import type { Partner } from '../domain/partner.ts';
import { openLead, openMessage, openPartnerLeadId } from './row-payload.ts';
import { formatCsvLine } from '../domain/csv-line.ts';

export type SettlePorts = Pick<Ports, 'folders' | 'instance' | 'ledger' | 'log' | 'partners' | 'settings' | 'vault'>;

/**
 * Issues a file's result: a projection of the ledger at one moment, written beside and renamed into place, then
 * committed as issued. A crash between the two issues the same version again, byte for byte. Runs when no row of the
 * file is open, and again when a settled file's row has moved (a replay, an operator's verdict).
 */
export async function settleFile(ports: SettlePorts, fileId: string): Promise<JobEnd> {
  const issued = await ports.ledger.readResult(fileId, async (picture) => {
    const partner = ports.partners.get(picture.file.partner);
    if (partner === null) return null;
    await publishResult(ports, partner, picture);
    return { version: picture.version, moves: picture.moves, counts: picture.counts, partner: picture.file.partner };
  });
  if (issued === null) return { kind: 'done', outcome: 'not_yet' };
  await ports.ledger.settleFile(fileId, issued, ports.instance);
  const rows = Object.values(issued.counts).reduce((sum, n) => sum + n, 0);
  ports.log.event('fileSettled', { fileId, partner: issued.partner, rows, version: issued.version });
  return { kind: 'done', outcome: 'settled' };
}

async function publishResult(ports: SettlePorts, partner: Partner, picture: ResultPicture): Promise<void> {
  const { file, version, counts } = picture;
  const name = await nameOf(ports, file);
  const newest = `${name}.${file.id}.results.csv`;
  const result = await ports.folders.publish(partner.id, newest, lines(ports, partner, picture), {
    keepOlderAs: version > 1 ? `${name}.${file.id}.results.v${version - 1}.csv` : null,
  });
  await ports.folders.publish(partner.id, `${name}.${file.id}.manifest.json`, [
    manifest(ports, picture, newest, result, counts),
  ]);
}

async function nameOf(ports: SettlePorts, file: LedgerFile): Promise<string> {
  const key = await ports.vault.keyById(file.keyId);
  return key.open(file.name);
}

/** Excel takes a CSV for UTF-8 only behind a byte order mark. */
const byteOrderMark = '\uFEFF';

async function* lines(ports: SettlePorts, partner: Partner, picture: ResultPicture): AsyncGenerator<string> {
  const delimiter = picture.file.delimiter ?? ';';
  yield byteOrderMark + formatCsvLine(resultColumns, delimiter);
  for await (const { row, original } of picture.rows) {
    const source = {
      row,
      original,
      partnerLeadId: await openPartnerLeadId(ports.vault, row),
      message: await openMessage(ports.vault, row),
      changed: await changedColumns(ports.vault, row, original),
    };
    yield formatCsvLine(resultLine(source, partner), delimiter);
  }
}

/** What a row says otherwise than the row of its lead that counts: the contract's names, in their order. */
async function changedColumns(vault: Vault, row: LedgerRow, original: LedgerRow | null): Promise<readonly string[]> {
  if (original === null || row.state !== 'duplicate') return [];
  if (row.code !== 'ROW_LEAD_CHANGED' && row.code !== 'ROW_LEAD_CHANGE_HELD') return [];
  const [now, before] = [(await openLead(vault, row)).fields, (await openLead(vault, original)).fields];
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => now[name] !== before[name]);
}

function manifest(
  { settings }: SettlePorts,
  { file, version }: ResultPicture,
  name: string,
  result: PublishedFile,
  counts: Readonly<Record<string, number>>,
): string {
  const text = {
    environment: settings.environment,
    fileId: file.id,
    partner: file.partner,
    kind: file.kind,
    sourceSha256: file.sha256,
    version,
    counts,
    result: { name, bytes: result.bytes, sha256: result.sha256 },
  };
  return `${JSON.stringify(text, null, 2)}\n`;
}
