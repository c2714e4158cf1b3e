import { closeSync, fdatasync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { writeHead, type SpoolHead } from './spool-line.ts';

/** At most so often a spool is synced: what a power cut may take of it. */
const syncEveryMs = 100;

/** Of a file in the spool's folder. The instance's own name holds no dot beyond the host's. */
export const spoolSuffix = '.spool.ndjson';

/**
 * The file of one process: a line is one write, done when it returns, so that a killed process leaves it in the kernel's
 * hands. Synced to the disk in the background. A file a day (UTC), so that old ones can go.
 */
export class SpoolFile {
  readonly #folder: string;
  readonly #head: SpoolHead;
  #day = '';
  #fd: number | null = null;
  #isDirty = false;
  #isSyncing = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(folder: string, head: SpoolHead) {
    this.#folder = folder;
    this.#head = head;
  }

  /** Throws what the file system throws; half a line is then ended by the next one's line break. */
  append(at: Date, line: string): void {
    const fd = this.#fileOf(at.toISOString().slice(0, 10));
    try {
      writeWhole(fd, line);
    } catch (error) {
      // What was cut off must not swallow the next line: opened anew, the file goes on behind a line break and a head.
      this.close();
      throw error;
    }
    this.#isDirty = true;
    this.#syncSoon();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#fd !== null && !this.#isSyncing) closeSync(this.#fd);
    this.#fd = null;
    this.#isDirty = false;
  }

  #fileOf(day: string): number {
    if (this.#fd !== null && this.#day === day) return this.#fd;
    this.close();
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const fd = openSync(join(this.#folder, `${this.#head.instance}.${day}${spoolSuffix}`), 'a', 0o600);
    try {
      // The line break ends what an earlier failure may have left. Lines without a head before them are nobody's.
      writeWhole(fd, `\n${writeHead(this.#head)}`);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    this.#fd = fd;
    this.#day = day;
    return fd;
  }

  #syncSoon(): void {
    if (this.#timer !== null || this.#isSyncing) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#sync();
    }, syncEveryMs);
    this.#timer.unref();
  }

  #sync(): void {
    const fd = this.#fd;
    if (fd === null || !this.#isDirty) return;
    this.#isDirty = false;
    this.#isSyncing = true;
    // A sync that fails is told by the next write, which is what may not go on.
    fdatasync(fd, () => {
      this.#isSyncing = false;
      if (this.#fd !== fd) closeSync(fd);
      if (this.#isDirty) this.#syncSoon();
    });
  }
}

/** A full disk takes a part of a text and says nothing. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  if (writeSync(fd, bytes) !== bytes.length)
    throw Object.assign(new Error('the spool took a part of a line'), { code: 'ENOSPC' });
}
