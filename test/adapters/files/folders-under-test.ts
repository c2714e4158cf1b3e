import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolders, type PreparedFolders } from '../../../src/adapters/files/folders.ts';
import type { ClaimedFile, FoundFile } from '../../../src/app/ports/folders.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

export const ageMs = 2_000;

export interface FoldersUnderTest {
  readonly folders: PreparedFolders;
  /** Another process on the same folders, which has seen nothing yet. */
  readonly others: PreparedFolders;
  readonly root: string;
  readonly inbox: string;
  /** Moves the clock by which files come of age. */
  pass(ms: number): void;
  /** Writes inbox/acme/<name> and answers its path. */
  drop(name: string, text: string | Uint8Array): Promise<string>;
  /** The names that a look finds ready. */
  look(): Promise<readonly string[]>;
  /** Drops, proves and finds a file. */
  found(name: string, text: string): Promise<FoundFile>;
  claimed(name: string, text: string): Promise<ClaimedFile>;
  claimedFile(found: FoundFile): Promise<ClaimedFile>;
  remove(): Promise<void>;
}

export async function foldersUnderTest(): Promise<FoldersUnderTest> {
  const scratch = await scratchFolder();
  const root = scratch.path;
  let nowMs = 0;
  const options = {
    inbox: join(root, 'inbox'),
    outbox: join(root, 'outbox'),
    archive: join(root, 'archive'),
    rejected: join(root, 'rejected'),
    arrivalAgeMs: ageMs,
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
  const found = async (name: string, text: string): Promise<FoundFile> => ({
    partner: 'acme',
    name,
    path: await drop(name, text),
  });
  async function claimedFile(file: FoundFile): Promise<ClaimedFile> {
    const claimed = await folders.claim(file);
    if (claimed === null) throw new Error('not claimed');
    return claimed;
  }

  return {
    folders,
    others: createFolders(options),
    root,
    inbox: join(options.inbox, 'acme'),
    pass: (ms) => void (nowMs += ms),
    drop,
    look: async () => (await folders.scan()).ready.map(({ name }) => name),
    found,
    claimed: async (name, text) => claimedFile(await found(name, text)),
    claimedFile,
    remove: () => scratch.remove(),
  };
}
