import type { CompanionRules } from '../../domain/companion-file.ts';
import type { FaultCode } from '../../domain/faults.ts';
import type { ForeignFormat } from '../../domain/foreign-format.ts';

/** Stands where a partner's id would: for what lies in the inbox itself. No partner can be called so. */
export const noPartner = '_inbox';

/** A path of the file system. Bytes where a name is not UTF-8: its text would name another file, or none. */
export type RawPath = string | Uint8Array;

/** A file proven whole in the inbox. Its name may hold personal data: it never enters a log. */
export interface FoundFile {
  /** The folder's name, also of a partner that nobody has configured. `noPartner` for the inbox itself. */
  readonly partner: string;
  /** Safe to show and to make paths of; of a file in a sub-folder with the folders' names before it. */
  readonly name: string;
  readonly path: RawPath;
  /** What was proven: the claim takes a file that is still the same, and no other. */
  readonly stamp: string;
  readonly isInSubfolder: boolean;
  /** When it was first seen there, by the clock that does not jump back. */
  readonly firstSeenMs: number;
  /** The companions that the partner's config asks for, by role. They go wherever the file goes. */
  readonly companions: Readonly<Partial<Record<CompanionRole, RawPath>>>;
}

export type CompanionRole = keyof CompanionRules;

/** What speaks against a file whatever it holds. */
export type PlaceFault = Extract<FaultCode, 'FILE_WITHOUT_PARTNER' | 'FILE_IN_SUBFOLDER' | 'FILE_CHECKSUM_MISMATCH'>;

/** A file that only we can see any more: moved to inbox/<partner>/.taken/<sha256>/<name>. */
export interface ClaimedFile {
  readonly partner: string;
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** When it was first seen in the inbox, by the clock that does not jump back; after a crash, when it was claimed. */
  readonly firstSeenMs: number;
  readonly fault: PlaceFault | null;
}

/** A claimed file that a crash, or a folder in the way, has left behind while it was put away. */
export interface HalfPutAway {
  readonly file: ClaimedFile;
  readonly to: 'archived' | 'rejected';
  readonly fileId: string;
}

/** What one look saw. */
export interface InboxLook {
  /** Proven whole. */
  readonly ready: readonly FoundFile[];
  /** The folders in which something is not ready. */
  readonly folders: readonly FolderSight[];
}

export interface FolderSight {
  readonly partner: string;
  /** Files that are not proven whole yet, with those under a temporary name. */
  readonly arriving: number;
  /** Those of them that were seen 30 minutes ago already, and for how long the first one was. */
  readonly overdue: number;
  readonly overdueForMs: number;
  /** Links of both kinds, devices, pipes, sockets, folders too deep. Never taken. */
  readonly passedOver: number;
  /** The system's code, such as EACCES, where something could not be looked at. */
  readonly trouble: string | null;
}

/** The folders that partners and operators see. */
export interface Folders {
  /**
   * One look at every inbox. A file is ready once size, mtime and inode were the same over the configured age, ten times
   * as long where it does not end in a line break, and once the companions that `rulesOf` its partner ask for are there.
   * Temporary names (`.part .filepart .tmp .crdownload`) wait for their final one; dot-files, backups (`~`), links,
   * devices and pipes are never taken. A folder that can't be read is told in its sight, and the others are looked at.
   */
  scan(rulesOf: (partner: string) => CompanionRules): Promise<InboxLook>;
  /**
   * Moves a ready file out of the partner's sight, atomically. Null: somebody else was faster, it is gone, or it is no
   * longer what was proven and stays where it is.
   */
  claim(found: FoundFile): Promise<ClaimedFile | null>;
  /** Copies a file from anywhere into the claimed place of a partner. For `leadsync import`. */
  claimCopy(partner: string, path: string): Promise<ClaimedFile>;
  /** Files claimed and neither archived nor rejected, oldest first: in work, or left behind by a crash. */
  listClaimed(): Promise<readonly ClaimedFile[]>;
  /** Files whose putting away was begun and not ended: where to, and as which file. */
  listHalfPutAway(): Promise<readonly HalfPutAway[]>;
  /** How many copies of the same bytes of the same partner were claimed earlier and are not put away yet. */
  copiesBefore(file: ClaimedFile): Promise<number>;
  /** Brings the companions of a claimed file that a crash left in the inbox. */
  gatherCompanions(file: ClaimedFile, rules: CompanionRules): Promise<ClaimedFile>;
  /** What a claimed file is instead of CSV, by its first bytes. */
  foreignFormat(file: ClaimedFile): Promise<ForeignFormat | null>;
  /**
   * Makes a claimed file ours alone: a writer that still has it open can't reach what is read from now on. Answers the
   * SHA-256, hex, of exactly those bytes.
   */
  detach(file: ClaimedFile): Promise<string>;
  /**
   * Puts files back into the inbox into which somebody wrote after their claim, and forgets those of which nothing was
   * heard for 30 minutes. What comes back is proven and taken in like any other file. Answers how many.
   */
  returnLateWrites(): Promise<number>;
  /** Sealed, to archive/<partner>/<file id>.csv.sealed; answers the path. May be repeated; once it was begun the file is no longer listed as claimed. */
  archive(file: ClaimedFile, fileId: string): Promise<string>;
  /** It is there, or on its way. */
  isArchived(partner: string, fileId: string): Promise<boolean>;
  /** The path of an archived file. Null: it is not there, or not on this host. */
  archivedAt(partner: string, fileId: string): Promise<string | null>;
  /**
   * Sealed, to rejected/<partner>/<stem>.<file id><ext>.sealed with a .reason.txt beside it; answers the path. May be repeated; once it
   * was begun the file is no longer listed as claimed.
   */
  reject(file: ClaimedFile, fileId: string, reason: string): Promise<string>;
  /** Whether a file of this name was put away as rejected under this id. */
  isRejected(file: Pick<ClaimedFile, 'partner' | 'name'>, fileId: string): Promise<boolean>;
  /** The path of a file that was turned away. Null: it is not there, or not on this host. */
  rejectedAt(file: Pick<ClaimedFile, 'partner' | 'name'>, fileId: string): Promise<string | null>;
  /**
   * Writes a file into outbox/<partner>/ so that a reader sees the old one or the new one, never a half: temporary
   * name, fsync, rename, fsync of the folder. Answers the path.
   */
  publish(
    partner: string,
    name: string,
    /** Text is written as UTF-8. */
    chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
    /** The name under which what was there before is kept, unless a file of that name is kept already. */
    options?: { readonly keepOlderAs: string | null },
  ): Promise<PublishedFile>;
}

export interface PublishedFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}
