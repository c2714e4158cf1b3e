import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import type { KeptBytes } from '../../../src/adapters/crypto/kept-bytes.ts';
import { createFolders, type PreparedFolders } from '../../../src/adapters/files/folders.ts';
import { stampOf } from '../../../src/adapters/files/file-stamp.ts';
import type { ClaimedFile, FolderSight, FoundFile, InboxLook } from '../../../src/app/ports/folders.ts';
import { noCompanions, type CompanionRules } from '../../../src/domain/companion-file.ts';
import { bytesUnderTest } from '../crypto/bytes-under-test.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

export const ageMs = 2_000;

const nothingToTell: FolderSight = {
  partner: 'acme',
  arriving: 0,
  overdue: 0,
  overdueForMs: 0,
  passedOver: 0,
  trouble: null,
};

export interface FoldersUnderTest {
  readonly folders: PreparedFolders;
  /** Another process on the same folders, which has seen nothing yet. */
  readonly others: PreparedFolders;
  readonly root: string;
  readonly bytes: KeptBytes;
  /** What a file holds, kept sealed or not. */
  textOf(path: string): Promise<string>;
  readonly inbox: string;
  /** Moves the clock by which files come of age. */
  pass(ms: number): void;
  /** Writes inbox/acme/<name> and answers its path. */
  drop(name: string, text: string | Uint8Array): Promise<string>;
  scan(): Promise<InboxLook>;
  /** The names that a look finds ready. */
  look(): Promise<readonly string[]>;
  /** What a look tells of acme's folder; all zero where it has nothing to tell. */
  sight(): Promise<FolderSight>;
  /** What every partner's config asks for from now on. */
  ask(rules: Partial<CompanionRules>): void;
  /** Drops a file and finds it, as a look that has proven it would. */
  found(name: string, text: string): Promise<FoundFile & { readonly path: string }>;
  /** The same for a file that is there. */
  foundAt(partner: string, path: string): Promise<FoundFile & { readonly path: string }>;
  claimed(name: string, text: string): Promise<ClaimedFile>;
  claimedFile(found: FoundFile): Promise<ClaimedFile>;
  remove(): Promise<void>;
}

export async function foldersUnderTest(): Promise<FoldersUnderTest> {
  const scratch = await scratchFolder();
  const root = scratch.path;
  let nowMs = 0;
  let rules = noCompanions;
  const bytes = bytesUnderTest(root);
  const options = {
    inbox: join(root, 'inbox'),
    outbox: join(root, 'outbox'),
    archive: join(root, 'archive'),
    rejected: join(root, 'rejected'),
    arrivalAgeMs: ageMs,
    bytes,
    monotonicMs: () => nowMs,
  };
  const folders = createFolders(options);
  await folders.prepare(['acme']);
  await mkdir(join(options.inbox, 'acme'), { recursive: true });

  const drop = async (name: string, text: string | Uint8Array): Promise<string> => {
    const path = join(options.inbox, 'acme', name);
    await writeFile(path, text);
    return path;
  };
  const foundAt = async (partner: string, path: string) => ({
    partner,
    name: basename(path),
    path,
    stamp: stampOf(await lstat(path, { bigint: true })),
    isInSubfolder: false,
    firstSeenMs: nowMs,
    companions: {},
  });
  const found = async (name: string, text: string) => foundAt('acme', await drop(name, text));
  const scan = () => folders.scan(() => rules);
  async function claimedFile(file: FoundFile): Promise<ClaimedFile> {
    const claimed = await folders.claim(file);
    if (claimed === null) throw new Error('not claimed');
    return claimed;
  }

  return {
    folders,
    others: createFolders(options),
    root,
    bytes,
    textOf: async (path) => Buffer.concat(await Array.fromAsync(bytes.read(path, 0))).toString(),
    inbox: join(options.inbox, 'acme'),
    pass: (ms) => void (nowMs += ms),
    drop,
    scan,
    look: async () => (await scan()).ready.map(({ name }) => name),
    sight: async () => (await scan()).folders.find(({ partner }) => partner === 'acme') ?? nothingToTell,
    ask: (changes) => void (rules = { ...noCompanions, ...changes }),
    found,
    foundAt,
    claimed: async (name, text) => claimedFile(await found(name, text)),
    claimedFile,
    remove: () => scratch.remove(),
  };
}

/** The same file, found where a crash has left it. Since when it is known, the file itself then tells. */
export function foundAgain(file: ClaimedFile): ClaimedFile {
  return { ...file, firstSeenMs: expect.any(Number) as number };
}
