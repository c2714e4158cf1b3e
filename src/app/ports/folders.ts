/** A file proven whole in inbox/<partner>/. Its name may hold personal data: it never enters a log. */
export interface FoundFile {
  readonly partner: string;
  readonly name: string;
  readonly path: string;
}

/** A file that only we can see any more: moved to inbox/<partner>/.taken/<sha256>/<name>. */
export interface ClaimedFile extends FoundFile {
  readonly sha256: string;
  readonly bytes: number;
}

/** The folders that partners and operators see. */
export interface Folders {
  /**
   * One look at every inbox. A file is ready once size, mtime and inode were the same over the configured age; names
   * that are temporary (`.part .filepart .tmp .crdownload`, `~`, dot-files), links, devices and folders are passed over.
   */
  scan(): Promise<{ readonly ready: readonly FoundFile[]; readonly arriving: number }>;
  /** Moves a ready file out of the partner's sight, atomically. Null: somebody else was faster or it is gone. */
  claim(found: FoundFile): Promise<ClaimedFile | null>;
  /** Copies a file from anywhere into the claimed place of a partner. For `leadsync import`. */
  claimCopy(partner: string, path: string): Promise<ClaimedFile>;
  /** Files claimed and not yet archived or rejected: what a crash left behind. */
  listClaimed(): Promise<readonly ClaimedFile[]>;
  /**
   * Makes a claimed file ours alone: a writer that still has it open can't reach what is read from now on. Answers the
   * SHA-256, hex, of exactly those bytes.
   */
  detach(file: ClaimedFile): Promise<string>;
  /** To archive/<partner>/<file id>.csv; answers the path. Repeating it after it has happened is harmless. */
  archive(file: ClaimedFile, fileId: string): Promise<string>;
  isArchived(partner: string, fileId: string): Promise<boolean>;
  /** To rejected/<partner>/<stem>.<file id><ext> with a .reason.txt beside it; answers the path. */
  reject(file: ClaimedFile, fileId: string, reason: string): Promise<string>;
  /**
   * Writes a file into outbox/<partner>/ so that a reader sees the old one or the new one, never a half: temporary
   * name, fsync, rename, fsync of the folder. Answers the path.
   */
  publish(
    partner: string,
    name: string,
    chunks: AsyncIterable<string> | Iterable<string>,
    /** The name under which what was there before is kept, unless a file of that name is kept already. */
    options?: { readonly keepOlderAs: string | null },
  ): Promise<PublishedFile>;
}

export interface PublishedFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}
