import { tellsOf, type PersonTraces } from '../domain/person-traces.ts';
import { blankRecords, type BlankPorts } from './blank-records.ts';
import { openTraces } from './erase-rows.ts';
import { isOver, nameOfFile } from './file-act.ts';
import { isBrokenSeal } from './is-broken-seal.ts';
import type { Ports } from './ports.ts';
import type { ErasureLedger } from './ports/erasure-ledger.ts';
import type { KeptFile } from './ports/kept-files.ts';
import type { LedgerFile } from './ports/ledger.ts';
import { reissueErased } from './reissue-erased.ts';
import { systemCode } from './system-code.ts';

export interface EraseFilesPorts
  extends BlankPorts, Pick<Ports, 'folders' | 'ledger' | 'partners' | 'settings' | 'vault'> {
  readonly erasures: ErasureLedger;
}

/** What was done to files, and what this host could not do. */
export interface ErasedFiles {
  /** Records that were blanked. */
  readonly records: number;
  /** Files that were taken away whole. */
  readonly removed: number;
  /** Files that are no CSV, or do not open any more, and were not looked into: paths. */
  readonly opaque: readonly string[];
  /** Files whose bytes are not on this host: ids. */
  readonly notHere: readonly string[];
  /** Files whose partner has no config, so that no result can be issued: ids. */
  readonly withoutConfig: readonly string[];
  /** Files that another process is at: it issues the result, or has put them elsewhere. */
  readonly busy: readonly string[];
}

/**
 * Carries on with the files of every erasure, from wherever it was broken off: names, kept bytes and results. Runs on hosts
 * that see the inbox and the archive. Files that wait for their rows, or are on another host, stay for a later turn.
 */
export async function eraseFiles(
  ports: EraseFilesPorts,
  actor: string,
  done: (files: number, of: number) => void = () => undefined,
): Promise<ErasedFiles> {
  const tally = {
    records: 0,
    removed: 0,
    opaque: new Set<string>(),
    notHere: [] as string[],
    withoutConfig: [] as string[],
    busy: [] as string[],
  };
  const { erasures, vault } = ports;
  const open = (await erasures.unfinishedErasures()).filter(({ isSearched }) => !isSearched);
  const persons = await Promise.all(open.map((erasure) => openTraces(vault, erasure)));
  if (persons.length > 0) {
    await ports.kept.removeLeftovers();
    await renameTellingFiles(ports, persons, actor);
    const files = await Array.fromAsync(ports.kept.list());
    let records = 0;
    for (const [at, file] of files.entries()) {
      await unlessMoved(tally, file.name, async () => {
        if (file.isOnItsWay) return void tally.busy.push(file.name);
        if (!(await isToBeRead(ports, file, persons))) return;
        records += await blankKept(ports, file, await knownAs(ports, file), persons, tally);
      });
      done(at + 1, files.length);
    }
    // What was put elsewhere meanwhile has not been seen.
    if (tally.busy.length === 0)
      for (const { id } of open) await erasures.noteSearched(id, { files: files.length, records, actor });
  }
  const marked = await erasures.filesToErase();
  const copies = marked.length === 0 ? [] : await Array.fromAsync(ports.kept.list());
  for (const { file, mark } of marked)
    await unlessMoved(tally, file.id, () => eraseFile(ports, file, { mark, copies, actor, tally }));
  return { ...tally, opaque: [...tally.opaque] };
}

interface Tally {
  records: number;
  removed: number;
  readonly opaque: Set<string>;
  readonly notHere: string[];
  readonly withoutConfig: string[];
  readonly busy: string[];
}

/** Files that are called after a person: everything of them takes another name, first in the ledger. */
async function renameTellingFiles(
  { erasures, vault }: EraseFilesPorts,
  persons: readonly PersonTraces[],
  actor: string,
): Promise<void> {
  for await (const page of erasures.fileNames()) {
    for (const { id, keyId, name } of page) {
      // Past its time.
      if (name.length === 0) continue;
      const key = await vault.keyById(keyId);
      const text = key.open(name);
      if (persons.some((person) => tellsOf(text, person)))
        await erasures.renameFile(id, key.seal(`erased${extensionOf(text)}`), actor);
    }
  }
}

function extensionOf(name: string): string {
  return /\.[a-z]{1,5}$/i.exec(name)?.[0] ?? '';
}

/** What `renameTellingFiles` has called a file. Whether its bytes have the name yet is looked at each time. */
function isErasedName(name: string): boolean {
  return /^erased(?:\.[a-z]{1,5})?$/i.test(name);
}

/** A file may be archived, or turned away, while it is looked at. */
async function unlessMoved(tally: Tally, name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    tally.busy.push(name);
  }
}

/** What was turned away is opened anyhow: whether it is text at all is to be told. */
async function isToBeRead(
  { kept }: EraseFilesPorts,
  { path, place }: KeptFile,
  persons: readonly PersonTraces[],
): Promise<boolean> {
  if (place === 'rejected') return true;
  const keys = persons.flatMap((person) => person.keys);
  return kept.mayHold(path, keys).catch(orBroken);
}

/** Whether a row of theirs came out of it decides what becomes of it. */
function orBroken(error: unknown): true {
  if (!isBrokenSeal(error)) throw error;
  return true;
}

async function knownAs({ ledger }: EraseFilesPorts, kept: KeptFile): Promise<readonly LedgerFile[]> {
  if (kept.fileId !== null) {
    const file = await ledger.file(kept.fileId);
    return file?.partner === kept.partner ? [file] : [];
  }
  return kept.sha256 === null ? [] : ledger.acceptedFilesOf(kept.partner, kept.sha256);
}

async function blankKept(
  ports: EraseFilesPorts,
  kept: KeptFile,
  known: readonly LedgerFile[],
  persons: readonly PersonTraces[],
  tally: Tally,
): Promise<number> {
  // Claimed a moment ago: it is taken in by its bytes, and read by the suppression list.
  if (kept.place === 'claimed' && known.length === 0) return 0;
  const rows = new Set<number>();
  for (const { id } of known) for (const row of await ports.erasures.erasedRows(id)) rows.add(row);
  const blanked = await blankRecords(ports, kept, known, { rows, persons });
  if (blanked.kind === 'removed' && kept.place !== 'late') tally.removed += 1;
  if (blanked.kind === 'opaque') tally.opaque.add(kept.path);
  if (blanked.kind !== 'blanked') return 0;
  tally.records += blanked.records;
  return blanked.records;
}

interface Erasing {
  readonly mark: number;
  /** Everything that is kept on this host. */
  readonly copies: readonly KeptFile[];
  readonly actor: string;
  readonly tally: Tally;
}

async function eraseFile(
  ports: EraseFilesPorts,
  file: LedgerFile,
  { mark, copies, actor, tally }: Erasing,
): Promise<void> {
  const own = copies.filter(
    ({ partner, fileId, sha256 }) =>
      partner === file.partner && (fileId === null ? sha256 === file.sha256 : fileId === file.id),
  );
  const isBytesHere = own.some(({ place }) => place !== 'late');
  // What was turned away may have been taken away by anybody since.
  if (!isBytesHere && !isOver(file) && file.bytesRemovedAt == null) return void tally.notHere.push(file.id);
  const name = await nameOfFile(ports, file);
  // What is put away now is read as it is: it would be blanked in vain.
  if (own.some(({ isOnItsWay }) => isOnItsWay)) return void tally.busy.push(file.id);
  let records = 0;
  for (const kept of own) {
    records += await blankKept(ports, kept, [file], [], tally);
    if (isErasedName(name)) await (kept.place === 'late' ? ports.kept.remove(kept) : ports.kept.rename(kept, name));
  }
  const rows = new Set(await ports.erasures.erasedRows(file.id));
  const issued = await reissueErased(ports, file, { name, rows, actor });
  if (issued === 'no_config') return void tally.withoutConfig.push(file.id);
  if (issued === 'busy') return void tally.busy.push(file.id);
  // While it is read somebody may put a copy of the bytes before in its place.
  if (file.state !== 'reading') await ports.erasures.noteFileErased(file.id, mark, { records, actor });
}
