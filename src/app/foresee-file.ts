import { filesCompared, findDrift } from '../domain/drift.ts';
import type { FaultCode } from '../domain/faults.ts';
import type { FileKind } from '../domain/file-life.ts';
import { createFillTally } from '../domain/fill-tally.ts';
import { createLeadsInFile } from '../domain/leads-in-file.ts';
import { columnsByRow } from '../domain/mixed-record.ts';
import { createStatesInFile } from '../domain/states-in-file.ts';
import { mapHeader } from '../domain/map-header.ts';
import type { Partner } from '../domain/partner.ts';
import type { Problem } from '../domain/problem.ts';
import { macHeader } from './keyed-hashes.ts';
import { plainKey } from './plain-key.ts';
import type { Ports } from './ports.ts';
import type { ForeseenRow } from './ports/held-files.ts';
import type { NewRow } from './ports/ledger.ts';
import type { FileRecord } from './ports/record-reader.ts';
import type { LedgerRow } from './ports/row.ts';
import { readRecord } from './read-record.ts';

export type ForeseePorts = Pick<Ports, 'ledger' | 'records' | 'settings' | 'suppressions' | 'vault'>;

/** A row as it would be read, and what would become of it. Its payload is plain text. */
export interface ForeseenRecord extends Omit<ForeseenRow, 'original'> {
  readonly row: NewRow;
  /** The row that it would point to: in the ledger, or of the file itself. */
  readonly original: LedgerRow | { readonly rowNumber: number } | null;
}

export interface OpenedForesight {
  readonly kind: 'opened';
  readonly delimiter: string;
  /** Batch by batch in the order of the file. To be iterated once. */
  readonly batches: AsyncIterable<readonly ForeseenRecord[]>;
  /** What the file would be held for; to be asked when all batches have been read. */
  drift(): Promise<readonly Problem[]>;
}

export type Foresight =
  | OpenedForesight
  | {
      readonly kind: 'refused';
      readonly code: FaultCode;
      readonly detail: Readonly<Record<string, string | number>>;
    };

const batchRows = 500;
const afterEveryFile = '9223372036854775807';

/** Reads a file as intake would, compares its rows with the ledger and with each other, and writes nothing down. `seen` is told of every record. */
export async function foreseeFile(
  ports: ForeseePorts,
  {
    path,
    partner,
    kind,
    insteadOf,
  }: {
    readonly path: string;
    readonly partner: Partner;
    readonly kind: FileKind;
    /** The file of which this is another reading: its unsent rows give way. */
    readonly insteadOf?: string;
  },
  seen: (record: FileRecord) => void = () => undefined,
): Promise<Foresight> {
  const opened = await ports.records.open(path, partner.files[kind] ?? { match: '*.csv' }, partner.limits);
  if ('fault' in opened) return { kind: 'refused', code: opened.fault, detail: opened.detail };
  const names = ports.settings.fieldRules.map(({ name }) => name);
  const mapped = mapHeader(opened.header, partner, kind, names);
  if (mapped.kind === 'fault') {
    return { kind: 'refused', code: mapped.code, detail: { columns: mapped.columns.join(', ') } };
  }
  const { columns } = mapped;
  const suppressed = await ports.suppressions.read();
  const fill = createFillTally(columns, { rows: 0, filled: {} });
  const reading = {
    kind,
    columns: columnsByRow(columns, kind, names),
    partner,
    key: plainKey,
    arrivedKey: '',
    suppressed,
  };
  const held = createLeadsInFile();
  const states = createStatesInFile();

  async function* batches(records: AsyncIterable<FileRecord>): AsyncGenerator<readonly ForeseenRecord[]> {
    let batch: NewRow[] = [];
    for await (const record of records) {
      if ('cells' in record) fill.add(record.cells);
      batch.push(...readRecord(ports, reading, record));
      seen(record);
      if (batch.length < batchRows) continue;
      yield await judge(batch);
      batch = [];
    }
    if (batch.length > 0) yield await judge(batch);
  }

  async function judge(rows: readonly NewRow[]): Promise<readonly ForeseenRecord[]> {
    const foreseen = await ports.ledger.foresee({ partner: partner.id, configVersion: partner.version }, rows, {
      recheckNotManagedMs: partner.recheck.notManagedMs,
      ...(insteadOf === undefined ? {} : { insteadOf }),
    });
    return rows.map((row, at) => {
      const one = foreseen[at];
      if (one === undefined) throw new Error('the ledger foresaw fewer rows than it was given');
      if (row.kind === 'update') return judgeUpdate(one, row);
      if (one.becomes !== 'work' || row.identity === null) return { ...one, row };
      const earlier = held.hold(row.identity, row.content, row.rowNumber);
      if (earlier === null) return { ...one, row };
      const code = earlier.sameContent ? 'ROW_DUPLICATE' : 'ROW_LEAD_CHANGE_HELD';
      return { row, rowNumber: row.rowNumber, becomes: 'duplicate', code, original: earlier };
    });
  }

  /** Of a mixed file: against what the file itself has said of the lead last, where it has. */
  function judgeUpdate(one: ForeseenRow, row: NewRow): ForeseenRecord {
    if (one.becomes === 'rejected' || row.identity === null || row.content === null) return { ...one, row };
    const repeats = states.repeats(row.identity, row.content) ?? one.becomes === 'duplicate';
    states.say(row.identity, row.content);
    return repeats
      ? { ...one, row, becomes: 'duplicate', code: 'ROW_UPDATE_REPEATED' }
      : { ...one, row, becomes: 'work', code: null };
  }

  return {
    kind: 'opened',
    delimiter: opened.delimiter,
    batches: batches(opened.records),
    async drift() {
      const series = { id: afterEveryFile, partner: partner.id, kind };
      const earlier = await ports.ledger.profilesBefore(series, filesCompared);
      const header = macHeader(ports.vault, partner.id, opened.header);
      return findDrift({ header, ...fill.result(), configVersion: partner.version }, earlier, partner.drift);
    },
  };
}
