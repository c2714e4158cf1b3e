import type { PersonKey } from '../../domain/person-key.ts';

/** A file of a partner's that is kept: under its id, as it was turned away, claimed, or watched for late writes. */
export interface KeptFile {
  readonly place: 'archive' | 'rejected' | 'claimed' | 'late';
  readonly partner: string;
  readonly name: string;
  readonly path: string;
  /** As which file of the ledger it is kept. Null: whichever has these bytes. */
  readonly fileId: string | null;
  /** Of the bytes that it was claimed with. Null: its place does not say. */
  readonly sha256: string | null;
  /** It is being put away at this moment, or was when a process died: it will stand elsewhere. */
  readonly isOnItsWay: boolean;
}

/** A file of ours in a partner's outbox. */
export interface IssuedFile {
  readonly path: string;
  /** What stands behind the name of the file that it is about. */
  readonly ending: string;
  readonly what: 'manifest' | 'receipt' | 'result';
  /** Of a result that was issued before the newest one. */
  readonly version: number | null;
  /** It stands under the name that the file has now. */
  readonly isUnderName: boolean;
}

/** Bytes of a file, from `at` up to `next`. */
export interface Stretch {
  readonly at: number;
  readonly next: number;
}

/** What is kept of the files of partners, where a person's records are to be taken out of it. */
export interface KeptFiles {
  /** Everything that is on this host, whatever the ledger knows of it. */
  list(): AsyncIterable<KeptFile>;
  /** Takes away the half copies that a crash has left in any of the folders. */
  removeLeftovers(): Promise<void>;
  /** Whether something like one of these values stands in the bytes, in any encoding. False is certain. Throws ENOENT. */
  mayHold(path: string, keys: readonly PersonKey[]): Promise<boolean>;
  /** A stretch as text, its ASCII characters right in any encoding. */
  textAt(path: string, stretch: Stretch): Promise<string>;
  /**
   * Overwrites stretches with spaces and leaves the line breaks at their ends, so that nothing else moves: in a copy that is
   * synced and then takes the file's place. `placing` is told its SHA-256 before that.
   */
  blank(
    path: string,
    stretches: readonly Stretch[],
    how: { readonly bytesPerCharacter: number; readonly placing?: (sha256: string) => Promise<void> },
  ): Promise<void>;
  remove(file: Pick<KeptFile, 'path' | 'place'>): Promise<void>;
  /** Seals a file that is kept plain. */
  seal(file: Pick<KeptFile, 'partner' | 'path'>): Promise<void>;
  /** Takes a file away that was put away, and what stands beside it: companions, reason, notes. */
  retire(file: Pick<KeptFile, 'path'>): Promise<void>;
  /** Leaves a note beside a file; nothing beside a claimed one, where it would be taken for another file. */
  note(file: Pick<KeptFile, 'path' | 'place'>, text: string): Promise<void>;
  /** Gives a file that is kept under the partner's name another one, and what stands beside it. */
  rename(file: KeptFile, name: string): Promise<void>;
  /** What was issued about a file, under whatever name. */
  issuedOf(partner: string, fileId: string, name: string): Promise<readonly IssuedFile[]>;
  /** Everything of ours in the outboxes, with the file that it is about. */
  listIssued(): AsyncIterable<{ readonly partner: string; readonly fileId: string; readonly path: string }>;
  renameIssued(issued: IssuedFile, name: string): Promise<void>;
}
