import type { BigIntStats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { noPartner } from '../../app/ports/folders.ts';
import { meaningOfName, safeName } from './entry-name.ts';
import { errorCode } from './error-code.ts';
import { entryPath, type FsPath } from './raw-path.ts';

/** A file with a name of its own, in the inbox or anywhere below it. */
export interface Candidate {
  readonly name: string;
  readonly path: FsPath;
  readonly isInSubfolder: boolean;
  /** By its name, or by that of a folder around it. */
  readonly isUploading: boolean;
  readonly stats: BigIntStats;
}

/** What lies in a partner's folder, or in the inbox itself. */
export interface FolderListing {
  readonly partner: string;
  readonly files: Candidate[];
  /** Links of both kinds, devices, pipes, sockets, folders too deep. */
  passedOver: number;
  /** The system's code where something could not be looked at. */
  trouble: string | null;
}

interface Place {
  readonly names: readonly string[];
  readonly isUploading: boolean;
}

/** Nobody needs so many, and a folder that is mounted into itself has no end. */
const maxDepth = 8;

/** Looks at every partner's folder, also of partners that nobody has configured. What can't be read is told, not thrown. */
export async function listInbox(inbox: string): Promise<readonly FolderListing[]> {
  const root = emptyListing(noPartner);
  const listings = [root];
  const top: Place = { names: [], isUploading: false };
  const names = await readdir(inbox, { encoding: 'buffer' }).catch((error: unknown) => {
    root.trouble = codeOf(error);
    return [];
  });
  for (const raw of names) {
    const name = safeName(raw);
    const path = entryPath(inbox, raw);
    if (meaningOfName(name) === 'not_meant') continue;
    if (name === raw.toString() && name !== noPartner && (await isFolder(path))) {
      const listing = emptyListing(name);
      listings.push(listing);
      await walk(listing, path, top);
    } else {
      // A folder, too: no partner can be called so.
      await add(root, path, name, top);
    }
  }
  return listings;
}

function emptyListing(partner: string): FolderListing {
  return { partner, files: [], passedOver: 0, trouble: null };
}

async function walk(listing: FolderListing, folder: FsPath, place: Place): Promise<void> {
  const names = await unlessGone(listing, () => readdir(folder, { encoding: 'buffer' }));
  for (const raw of names ?? []) await add(listing, entryPath(folder, raw), safeName(raw), place);
}

async function add(listing: FolderListing, path: FsPath, name: string, around: Place): Promise<void> {
  const meaning = meaningOfName(name);
  if (meaning === 'not_meant') return;
  const stats = await unlessGone(listing, () => lstat(path, { bigint: true }));
  if (stats === null) return;
  const names = [...around.names, name];
  const isUploading = around.isUploading || meaning === 'uploading';
  if (stats.isDirectory() && names.length < maxDepth) {
    await walk(listing, path, { names, isUploading });
  } else if (stats.isFile() && stats.nlink === 1n) {
    listing.files.push({ name: names.join('_'), path, isInSubfolder: names.length > 1, isUploading, stats });
  } else {
    listing.passedOver += 1;
  }
}

/** A partner's folder may be a link, an operator's to the SFTP server's; what partners put into it may not. */
async function isFolder(path: FsPath): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Gone between two looks of ours is no trouble. */
async function unlessGone<T>(listing: FolderListing, look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') listing.trouble ??= codeOf(error);
    return null;
  }
}

function codeOf(error: unknown): string {
  return errorCode(error) || 'unknown';
}
