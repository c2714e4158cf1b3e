import { join } from 'node:path';
import { createKeptBytes } from '../../src/adapters/crypto/kept-bytes.ts';
import { createFolders } from '../../src/adapters/files/folders.ts';
import type { Folders } from '../../src/app/ports/folders.ts';
import type { Vault } from '../../src/app/ports/vault.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

export interface OwnFolders {
  readonly folders: Folders;
  /** Where one of them is. */
  folder(name: 'archive' | 'inbox' | 'outbox' | 'rejected'): string;
  remove(): Promise<void>;
}

/** The folders of a console that runs on the host of the files: empty ones, of partner acme. */
export async function ownFolders(vault: Vault): Promise<OwnFolders> {
  const scratch = await scratchFolder();
  const folder: OwnFolders['folder'] = (name) => join(scratch.path, name);
  const kept = { archive: folder('archive'), rejected: folder('rejected') };
  const folders = createFolders({
    ...kept,
    inbox: folder('inbox'),
    outbox: folder('outbox'),
    arrivalAgeMs: 0,
    bytes: createKeptBytes(vault, kept),
    monotonicMs: () => 0,
  });
  await folders.prepare(['acme']);
  return { folders, folder, remove: scratch.remove };
}
