import { formatCsvLine } from '../domain/csv-line.ts';
import type { Partner } from '../domain/partner.ts';
import { encodeText, startOfFile } from '../domain/result-encoding.ts';
import { nameOfFile } from './file-act.ts';
import type { Ports } from './ports.ts';
import type { PublishedFile } from './ports/folders.ts';
import type { ResultPicture } from './ports/ledger.ts';
import type { LedgerRow } from './ports/row.ts';
import type { Vault } from './ports/vault.ts';
import { resultColumnsOf, resultLine } from './result-line.ts';
import { openLead, openMessage, openPartnerLeadId } from './row-payload.ts';

type PublishPorts = Pick<Ports, 'folders' | 'settings' | 'vault'>;

/**
 * Writes a file's result and the manifest beside it: the newest one under the plain name, those that were issued before
 * under their version. An interim result takes the place of the one before it.
 */
export async function publishResult(ports: PublishPorts, partner: Partner, picture: ResultPicture): Promise<void> {
  const { file, version } = picture;
  const name = await nameOfFile(ports, file);
  const newest = `${name}.${file.id}.results.csv`;
  const result = await ports.folders.publish(partner.id, newest, resultPieces(ports, partner, picture), {
    // What is issued once more takes the place of itself.
    keepOlderAs: version > 1 && version > file.resultVersion ? `${name}.${file.id}.results.v${version - 1}.csv` : null,
  });
  await ports.folders.publish(partner.id, `${name}.${file.id}.manifest.json`, [
    manifest(ports, picture, newest, result),
  ]);
}

/** A result from its first line to its last, in the encoding of the partner. The same rows give the same bytes. */
export async function* resultPieces(
  { vault }: Pick<Ports, 'vault'>,
  partner: Partner,
  picture: Pick<ResultPicture, 'file' | 'rows'>,
): AsyncGenerator<string | Uint8Array> {
  const { encoding } = partner.results;
  const delimiter = partner.results.delimiter ?? picture.file.delimiter ?? ';';
  yield encodeText(startOfFile(encoding) + formatCsvLine(resultColumnsOf(picture.file.kind), delimiter), encoding);
  for await (const { row, original } of picture.rows) {
    const source = {
      row,
      original,
      partnerLeadId: await openPartnerLeadId(vault, row),
      message: await openMessage(vault, row),
      changed: await changesOf(vault, row, original),
    };
    const line = resultLine(source, partner);
    const cells = picture.file.kind === 'mixed' ? [...line, row.kind] : line;
    yield encodeText(formatCsvLine(cells, delimiter), encoding);
  }
}

async function changesOf(vault: Vault, row: LedgerRow, original: LedgerRow | null): Promise<readonly string[]> {
  if (original === null || row.state !== 'duplicate' || row.erasure != null || original.erasure != null) return [];
  if (row.code !== 'ROW_LEAD_CHANGED' && row.code !== 'ROW_LEAD_CHANGE_HELD') return [];
  return changedColumns((await openLead(vault, original)).fields, (await openLead(vault, row)).fields);
}

/** What a row says otherwise than the row of its lead that counts: the contract's names, in their order. */
export function changedColumns(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => now[name] !== before[name]);
}

function manifest(
  { settings }: PublishPorts,
  { file, version, counts, countsByKind, pending }: ResultPicture,
  name: string,
  result: PublishedFile,
): string {
  const text = {
    environment: settings.environment,
    fileId: file.id,
    partner: file.partner,
    kind: file.kind,
    sourceSha256: file.sha256,
    version,
    // While rows are pending the result of this version is not the last.
    complete: pending === 0,
    pending,
    counts,
    ...(file.kind === 'mixed' ? { countsByKind } : {}),
    result: { name, bytes: result.bytes, sha256: result.sha256 },
  };
  return `${JSON.stringify(text, null, 2)}\n`;
}
