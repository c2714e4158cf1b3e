import { ownerOf, type PersonTraces } from '../domain/person-traces.ts';
import { personKeysOf } from '../domain/person-key.ts';
import { isBrokenSeal } from './is-broken-seal.ts';
import type { Partners } from './ports.ts';
import type { ErasureLedger } from './ports/erasure-ledger.ts';
import type { KeptFile, KeptFiles, Stretch } from './ports/kept-files.ts';
import type { LedgerFile } from './ports/ledger.ts';
import type { FileRecord, OpenedRecords, RecordReader } from './ports/record-reader.ts';
import type { Vault } from './ports/vault.ts';
import { openPerson } from './row-payload.ts';

export interface BlankPorts {
  readonly kept: KeptFiles;
  readonly erasures: Pick<ErasureLedger, 'alone' | 'noteBlanked' | 'rowsAt'>;
  readonly records: RecordReader;
  readonly partners: Partners;
  readonly vault: Vault;
}

/** What is looked for in a file. */
export interface WantedRecords {
  /** Rows of which the ledger says that they are erased. */
  readonly rows: ReadonlySet<number>;
  /** Persons who are being erased: their records are found by what stands in them. */
  readonly persons: readonly PersonTraces[];
}

export type Blanked =
  | { readonly kind: 'blanked'; readonly records: number }
  /** It held something of the person and could not be read record by record. */
  | { readonly kind: 'removed' }
  /** What it holds can't be seen: it is no CSV (a spreadsheet, an archive), or does not open any more. It stays. */
  | { readonly kind: 'opaque' };

const untouched = { kind: 'blanked', records: 0 } as const;
const usualMaxCell = 32_767;

/**
 * Blanks records of a file that is kept, in place: other rows keep their numbers, and a reading that is under way its place.
 * What can't be read record by record and seems to hold something of the person is taken away whole. A note beside it says
 * which of both. May be repeated.
 */
export async function blankRecords(
  ports: BlankPorts,
  file: KeptFile,
  /** As which it stands in the ledger; several where the same bytes were taken in more than once. */
  known: readonly LedgerFile[],
  wanted: WantedRecords,
): Promise<Blanked> {
  try {
    return await blankReadable(ports, file, known, wanted);
  } catch (error) {
    if (!isBrokenSeal(error)) throw error;
    // The chunks of a sealed file that is cut open one by one.
    return wanted.rows.size > 0 ? takeAway(ports.kept, file) : { kind: 'opaque' };
  }
}

async function blankReadable(
  ports: BlankPorts,
  file: KeptFile,
  known: readonly LedgerFile[],
  wanted: WantedRecords,
): Promise<Blanked> {
  const { kept } = ports;
  const mayHold = await Promise.all(wanted.persons.map(({ keys }) => kept.mayHold(file.path, keys)));
  const persons = wanted.persons.filter((_, at) => mayHold[at]);
  if (wanted.rows.size === 0 && persons.length === 0 && !isOpaque(file)) return untouched;

  const opened = await openKept(ports, file, known);
  if ('fault' in opened) {
    const isEmpty = opened.fault === 'FILE_NO_ROWS' || opened.fault === 'FILE_EMPTY';
    if (persons.length > 0 || (wanted.rows.size > 0 && !isEmpty)) return takeAway(kept, file);
    return opened.fault === 'FILE_NOT_CSV' ? { kind: 'opaque' } : untouched;
  }
  const found = await stretchesOf(ports, file, known, opened, { ...wanted, persons });
  if (found === null) return takeAway(kept, file);
  if (found.length === 0) return untouched;
  // A change would look like its writer's, and bring it back as a new file.
  if (file.place === 'late') return takeAway(kept, file);
  await kept.note(file, blankedNote(known[0]?.sha256 ?? file.sha256));
  await blankAlone(ports, file.path, found, opened.encoding, async (sha256) => {
    for (const { id } of known) await ports.erasures.noteBlanked(id, sha256);
  });
  return { kind: 'blanked', records: found.length };
}

/** Blanks stretches of a file in an encoding, where nobody else does at this moment. */
export function blankAlone(
  { kept, erasures }: Pick<BlankPorts, 'erasures' | 'kept'>,
  path: string,
  stretches: readonly Stretch[],
  encoding: string,
  placing: (sha256: string) => Promise<void> = async () => undefined,
): Promise<void> {
  const bytesPerCharacter = encoding.startsWith('utf-16') ? 2 : 1;
  return erasures.alone(path, () => kept.blank(path, stretches, { bytesPerCharacter, placing }));
}

/** What was turned away need not be text: its bytes say nothing. */
function isOpaque({ place }: KeptFile): boolean {
  return place === 'rejected';
}

async function takeAway(kept: KeptFiles, file: KeptFile): Promise<Blanked> {
  await kept.remove(file);
  await kept.note(file, removedNote);
  return { kind: 'removed' };
}

function openKept({ records, partners }: BlankPorts, { path, partner }: KeptFile, known: readonly LedgerFile[]) {
  const config = partners.get(partner);
  const [file] = known;
  const configured = file === undefined ? undefined : config?.files[file.kind];
  const encoding = file?.encoding ?? configured?.encoding;
  const delimiter = file?.delimiter ?? configured?.delimiter;
  return records.open(
    path,
    { match: '*', ...(encoding == null ? {} : { encoding }), ...(delimiter == null ? {} : { delimiter }) },
    // As it was read, where a cell that is too long makes a row unreadable.
    { maxBytes: Infinity, maxRows: Infinity, maxCell: config?.limits.maxCell ?? usualMaxCell },
  );
}

/** Where the records are. Null: in an encoding in which nobody can tell. */
async function stretchesOf(
  ports: BlankPorts,
  file: KeptFile,
  known: readonly LedgerFile[],
  opened: OpenedRecords,
  { rows, persons }: WantedRecords,
): Promise<readonly Stretch[] | null> {
  const stretches: Stretch[] = [];
  const byContent: { readonly rowNumber: number; readonly stretch: Stretch }[] = [];
  let isUnplaced = false;
  let start: number | null = null;
  for await (const record of opened.records) {
    start ??= record.at;
    const isKnown = rows.has(record.rowNumber);
    if (!isKnown && !(await isOfPerson(ports.kept, file, record, persons, opened.delimiter))) continue;
    if (record.at === null || record.next === null) isUnplaced = true;
    else if (isKnown) stretches.push({ at: record.at, next: record.next });
    else byContent.push({ rowNumber: record.rowNumber, stretch: { at: record.at, next: record.next } });
  }
  if (isUnplaced) return null;
  const anothers = await rowsOfOthers(
    ports,
    known,
    byContent.map(({ rowNumber }) => rowNumber),
    persons,
  );
  stretches.push(...byContent.filter(({ rowNumber }) => !anothers.has(rowNumber)).map(({ stretch }) => stretch));
  // Without a header the first person of the file stands in its place.
  if (start !== null && isOwned(opened.header, persons)) stretches.push({ at: 0, next: start });
  return stretches;
}

async function isOfPerson(
  kept: KeptFiles,
  { path }: KeptFile,
  record: FileRecord,
  persons: readonly PersonTraces[],
  delimiter: string,
): Promise<boolean> {
  if (persons.length === 0) return false;
  if ('cells' in record) return isOwned(record.cells, persons);
  if (record.at === null || record.next === null) return false;
  const text = await kept.textAt(path, { at: record.at, next: record.next });
  return isOwned(
    text.split(delimiter).map((cell) => cell.replaceAll('"', '').trim()),
    persons,
  );
}

function isOwned(cells: readonly string[], persons: readonly PersonTraces[]): boolean {
  return persons.some((person) => ownerOf(cells, person) === 'person');
}

/** Row numbers of which the ledger knows better: they have another person's NIF. */
async function rowsOfOthers(
  { erasures, vault }: BlankPorts,
  known: readonly LedgerFile[],
  numbers: readonly number[],
  persons: readonly PersonTraces[],
): Promise<ReadonlySet<number>> {
  const theirs = new Set(
    persons.flatMap(({ keys }) => keys.flatMap(({ kind, value }) => (kind === 'nif' ? value : []))),
  );
  const others = new Set<number>();
  for (const { id } of numbers.length === 0 ? [] : known) {
    for (const row of await erasures.rowsAt(id, numbers)) {
      const nifs = personKeysOf(await openPerson(vault, row)).filter(({ kind }) => kind === 'nif');
      if (nifs.length > 0 && !nifs.some(({ value }) => theirs.has(value))) others.add(row.rowNumber ?? 0);
    }
  }
  return others;
}

const removedNote = `The file that was kept here held data of a person that had to be erased, and could not be read record by record.
It was taken away whole.
`;

function blankedNote(sha256: string | null): string {
  const was = sha256 === null ? '' : `The SHA-256 of the file as it came, by which the ledger knows it: ${sha256}\n`;
  return `Records of persons whose data were erased are blank in this file. All others stand where they stood.\n${was}`;
}
