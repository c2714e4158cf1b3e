import { localTimeKey } from '../domain/local-time-key.ts';
import { mapHeader, type MappedColumns } from '../domain/map-header.ts';
import type { FaultCode } from '../domain/faults.ts';
import type { Partner } from '../domain/partner.ts';
import { explainFault } from './explain-fault.ts';
import type { Ports } from './ports.ts';
import type { ClaimedFile } from './ports/folders.ts';
import type { JobEnd } from './ports/job-queue.ts';
import type { LedgerFile, NewRow } from './ports/ledger.ts';
import type { FileRecord } from './ports/record-reader.ts';
import { readRecord } from './read-record.ts';

export type IngestPorts = Pick<
  Ports,
  'folders' | 'instance' | 'ledger' | 'log' | 'partners' | 'records' | 'settings' | 'vault'
>;

/** Rows and checkpoint are committed together in batches of so many. Bounds memory, and what a crash reads again. */
const batchRows = 500;

/**
 * Reads one claimed file into the ledger: arrived → reading → read. Resumes after the last committed row; a row is never
 * written twice. The bytes are made ours alone and hashed again before the first row: a file that changed since it was
 * taken in is quarantined, and no part of it is imported. Nothing is sent from here.
 */
export async function ingestFile(ports: IngestPorts, fileId: string, signal: AbortSignal): Promise<JobEnd> {
  const file = await ports.ledger.startReading(fileId, ports.instance);
  if (file === null) return { kind: 'done', outcome: 'not_to_read' };
  const claimed = await findClaimed(ports, file);
  const partner = ports.partners.get(file.partner);
  // On a host that does not see the inbox, or without the config, the file stays due for one that does.
  if (claimed === null || partner === null) return { kind: 'done', outcome: 'not_here' };

  // Before the first row: rows are worked on as soon as they are written, so nothing of a changed file may be.
  if ((await ports.folders.detach(claimed)) !== file.sha256) {
    return turnAway(ports, file, claimed, partner, 'FILE_CHANGED_WHILE_READ', {});
  }
  const pattern = partner.files[file.kind] ?? { match: '*.csv' };
  const opened = await ports.records.open(claimed.path, pattern, partner.limits);
  if ('fault' in opened) return turnAway(ports, file, claimed, partner, opened.fault, opened.detail);

  const header = mapHeader(opened.header, partner, file.kind);
  if (header.kind === 'fault') {
    return turnAway(ports, file, claimed, partner, header.code, { columns: header.columns.join(', ') });
  }
  await ports.ledger.noteReading(file.id, { encoding: opened.encoding, delimiter: opened.delimiter });
  const lastRow = await readRows(ports, file, partner, header.columns, opened.records, signal);
  if (lastRow === null) return { kind: 'done', outcome: 'stopped' };
  await ports.ledger.finishReading(file.id, ports.instance);
  await ports.folders.archive(claimed, file.id);
  ports.log.event('fileRead', { fileId: file.id, partner: file.partner, rows: lastRow - 1 });
  return { kind: 'done', outcome: 'read' };
}

async function findClaimed(ports: IngestPorts, file: LedgerFile): Promise<ClaimedFile | null> {
  const claimed = await ports.folders.listClaimed();
  return claimed.find((found) => found.partner === file.partner && found.sha256 === file.sha256) ?? null;
}

/** The number of the last row, or null when the process has to stop: the checkpoint then says where to go on. */
async function readRows(
  ports: IngestPorts,
  file: LedgerFile,
  partner: Partner,
  columns: MappedColumns,
  records: AsyncIterable<FileRecord>,
  signal: AbortSignal,
): Promise<number | null> {
  const key = await ports.vault.keyFor(partner.id);
  const arrivedKey = localTimeKey(file.arrivedAt, ports.settings.timeZone);
  let batch: NewRow[] = [];
  let lastRow = file.lastRow;
  const commit = async (): Promise<void> => {
    if (batch.length > 0) await ports.ledger.insertRows(file, batch, lastRow, ports.instance);
    batch = [];
  };
  for await (const record of records) {
    if (record.rowNumber <= file.lastRow) continue;
    batch.push(readRecord(ports, { kind: file.kind, columns, partner, key, arrivedKey }, record));
    lastRow = record.rowNumber;
    if (batch.length >= batchRows) {
      await commit();
      if (signal.aborted) return null;
    }
  }
  await commit();
  return lastRow;
}

async function turnAway(
  ports: IngestPorts,
  file: LedgerFile,
  claimed: ClaimedFile,
  partner: Partner,
  code: FaultCode,
  detail: Readonly<Record<string, string | number>>,
): Promise<JobEnd> {
  const state = code === 'FILE_CHANGED_WHILE_READ' ? 'quarantined' : 'rejected';
  await ports.ledger.abandonFile(file.id, state, code, ports.instance);
  await ports.folders.reject(claimed, file.id, explainFault(code, partner.results.language, detail));
  ports.log.event('fileRejected', { fileId: file.id, partner: file.partner, code });
  return { kind: 'done', outcome: code };
}
