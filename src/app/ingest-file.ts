import { createFillTally } from '../domain/fill-tally.ts';
import { localTimeKey } from '../domain/local-time-key.ts';
import { mapHeader, type MappedColumns } from '../domain/map-header.ts';
import { columnsByRow } from '../domain/mixed-record.ts';
import type { FaultCode } from '../domain/faults.ts';
import type { Partner } from '../domain/partner.ts';
import { explainFault } from './explain-fault.ts';
import { guardFile } from './guard-file.ts';
import { macHeader } from './keyed-hashes.ts';
import type { Ports } from './ports.ts';
import type { ClaimedFile } from './ports/folders.ts';
import type { JobEnd } from './ports/job-queue.ts';
import type { LedgerFile, NewRow } from './ports/ledger.ts';
import type { FileRecord, ReadingPoint, RecordPlace } from './ports/record-reader.ts';
import { readRecord } from './read-record.ts';
import { waitAtMost } from './wait-at-most.ts';

export type IngestPorts = Pick<
  Ports,
  'folders' | 'instance' | 'ledger' | 'log' | 'partners' | 'records' | 'settings' | 'suppressions' | 'vault'
>;

/** Rows and checkpoint are committed together in batches of so many, whole records each. Bounds memory, and what a crash reads again. */
const batchRows = 1250;

/** A service takes up a changed config within seconds: a file that was taken in with one that it does not have waits so long. */
const configPatienceMs = 15_000;

/**
 * Reads one claimed file into the ledger: arrived → reading → read. Resumes behind the last committed row, without reading
 * what stands before it; a row is never written twice. The bytes are made ours alone and hashed again before the first
 * row: a file that changed since it was taken in is quarantined, and no part of it is imported. Nothing is sent from here.
 */
export async function ingestFile(ports: IngestPorts, fileId: string, signal: AbortSignal): Promise<JobEnd> {
  const found = await ports.ledger.startReading(fileId, ports.instance);
  if (found === null) return { kind: 'done', outcome: 'not_to_read' };
  const claimed = await findClaimed(ports, found);
  const partner = ports.partners.get(found.partner);
  // On a host that does not see the inbox, or without the config, the file stays due for one that does.
  if (claimed === null || partner === null) return { kind: 'done', outcome: 'not_here' };
  const isAsTakenIn = partner.version === found.configVersion;
  if (!isAsTakenIn && found.reportAgeMs < configPatienceMs) return { kind: 'done', outcome: 'config_not_here' };
  // Under another config nobody has seen what would come of it.
  const file = isAsTakenIn ? found : { ...found, configVersion: partner.version, isLetThrough: false };

  const mark = await makeOurs(ports, file, claimed);
  if (mark === null) return turnAway(ports, file, claimed, partner, 'FILE_CHANGED_WHILE_READ', {});
  const pattern = partner.files[file.kind] ?? { match: '*.csv' };
  const opened = await ports.records.open(claimed.path, pattern, partner.limits, checkpointOf(file));
  if ('fault' in opened) return turnAway(ports, file, claimed, partner, opened.fault, opened.detail);

  const header = mapHeader(opened.header, partner, file.kind, namesOf(ports));
  if (header.kind === 'fault') {
    return turnAway(ports, file, claimed, partner, header.code, { columns: header.columns.join(', ') });
  }
  const { encoding, delimiter, finding } = opened;
  const columnNames = macHeader(ports.vault, file.partner, opened.header);
  await ports.ledger.noteReading(file.id, {
    encoding,
    delimiter,
    finding,
    mark,
    header: columnNames,
    ...(isAsTakenIn ? {} : { configVersion: partner.version }),
  });
  const read = await readRows(ports, file, partner, header.columns, opened.records, signal);
  if (read === null) return { kind: 'done', outcome: 'stopped' };
  const end = await guardFile(ports, file, partner, { header: columnNames, ...read.counted });
  const ended = await ports.ledger.finishReading(file.id, ports.instance, end);
  // Held by an operator since its last batch.
  if (ended === null) return { kind: 'done', outcome: 'stopped' };
  await ports.folders.archive(claimed, file.id);
  ports.log.event('fileRead', { fileId: file.id, partner: file.partner, rows: read.lastRow - 1 });
  if (ended.code !== null) ports.log.event('fileHeld', { fileId: file.id, partner: file.partner, code: ended.code });
  return { kind: 'done', outcome: ended.state };
}

function namesOf({ settings }: IngestPorts): readonly string[] {
  return settings.fieldRules.map(({ name }) => name);
}

async function findClaimed(ports: IngestPorts, file: LedgerFile): Promise<ClaimedFile | null> {
  const claimed = await ports.folders.listClaimed();
  return claimed.find((found) => found.partner === file.partner && found.sha256 === file.sha256) ?? null;
}

/**
 * The mark of a copy that nobody else can reach and that holds what was taken in; null when it holds something else. Before
 * the first row, so that nothing of a changed file stands in the ledger. A reading that goes on knows its copy by the mark
 * and does not hash it again.
 */
async function makeOurs(ports: IngestPorts, file: LedgerFile, claimed: ClaimedFile): Promise<string | null> {
  if (file.readMark !== null && file.readMark === (await ports.records.mark(claimed.path))) return file.readMark;
  const sha256 = await ports.folders.detach(claimed);
  // Records of it may have been blanked since it was taken in, or are about to be.
  const isOurs = sha256 === file.sha256 || file.blankedSha256s?.includes(sha256) === true;
  return isOurs ? ports.records.mark(claimed.path) : null;
}

function checkpointOf({ encoding, delimiter, lastRow, readOffset }: LedgerFile): ReadingPoint | undefined {
  if (encoding === null || delimiter === null || readOffset === null) return undefined;
  return { encoding, delimiter, rowNumber: lastRow, offset: readOffset };
}

/** Null when the process has to stop, or the file is held: the checkpoint then says where to go on. */
async function readRows(
  ports: IngestPorts,
  file: LedgerFile,
  partner: Partner,
  columns: MappedColumns,
  records: AsyncIterable<FileRecord>,
  signal: AbortSignal,
): Promise<{ readonly lastRow: number; readonly counted: Counted } | null> {
  const key = await ports.vault.keyFor(partner.id);
  // Once a file. Should somebody come on the list meanwhile, the next batch is refused, and the file read on with the new one.
  const suppressed = await ports.suppressions.read();
  const arrivedKey = localTimeKey(file.arrivedAt, ports.settings.timeZone);
  const fill = createFillTally(columns, { rows: file.rowCount, filled: file.filled });
  const reading = {
    kind: file.kind,
    columns: columnsByRow(columns, file.kind, namesOf(ports)),
    partner,
    key,
    arrivedKey,
    suppressed,
  };
  const recheckNotManagedMs = partner.recheck.notManagedMs;
  const committer = createCommitter((rows, { rowNumber, next }) =>
    ports.ledger.insertRows(file, rows, rowNumber, ports.instance, {
      readOffset: next,
      recheckNotManagedMs,
      waitForLeadMs: waitAtMost(ports.settings),
      counted: fill.result(),
      suppressions: suppressed.version,
    }),
  );
  let batch: NewRow[] = [];
  let last: RecordPlace = { rowNumber: file.lastRow, at: null, next: file.readOffset };
  try {
    for await (const record of records) {
      // Where the reader could not go on at the checkpoint, it began at the top.
      if (record.rowNumber <= file.lastRow) continue;
      batch.push(...readRecord(ports, reading, record));
      if ('cells' in record) fill.add(record.cells);
      last = record;
      if (batch.length < batchRows) continue;
      if (!(await committer.commit(batch, last)) || signal.aborted) return null;
      batch = [];
    }
    if (batch.length > 0) await committer.commit(batch, last);
    return (await committer.settled()) ? { lastRow: last.rowNumber, counted: fill.result() } : null;
  } finally {
    await committer.settled();
  }
}

type Counted = ReturnType<ReturnType<typeof createFillTally>['result']>;

/**
 * Commits one batch after the other, while the next one is read. What becomes of a batch is known at the one after it:
 * false, or thrown, when nothing can be written any more.
 */
function createCommitter(write: (rows: readonly NewRow[], last: RecordPlace) => Promise<boolean>) {
  let running: Promise<boolean> = Promise.resolve(true);
  return {
    async commit(rows: readonly NewRow[], last: RecordPlace): Promise<boolean> {
      if (!(await running)) return false;
      running = write(rows, last);
      // Awaited at the next batch; until then it must not count as unhandled.
      running.catch(() => undefined);
      return true;
    },
    settled: () => running,
  };
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
