import { open, stat, unlink, type FileHandle } from 'node:fs/promises';
import { readSpoolLine } from './spool-line.ts';

/** A ledger that is brought back from a backup older than this is not noticed. */
const keptDays = 14;
/**
 * Of one file: creates that were announced side by side may have been committed in another order than they stand here, so
 * a ledger that lacks one of them may know the last.
 */
const keptCreates = 100;
const pieceBytes = 64 * 1024;
const isCreate = '"step":"create"';

interface Tail {
  /** Read up to here, which is the end of a line. */
  readonly readTo: number;
  /** The newest creates, oldest first. */
  readonly creates: readonly string[];
}

/**
 * The newest creates of each file of a spool. Asked every few seconds, of files that may hold a day of status updates and
 * no create at all: what was read once is not read again. A file of `keptDays` without a write is removed.
 */
export class SpoolTails {
  readonly #ledger: string;
  readonly #tails = new Map<string, Tail>();

  constructor(ledger: string) {
    this.#ledger = ledger;
  }

  /** Throws where the file can't be read: what stands in it may be what the ledger lacks. */
  async of(path: string): Promise<readonly string[]> {
    try {
      const { size, mtimeMs } = await stat(path);
      if (mtimeMs < Date.now() - keptDays * 24 * 3_600_000) {
        this.#tails.delete(path);
        await unlink(path);
        return [];
      }
      const known = this.#tails.get(path);
      return known?.readTo === size ? known.creates : await this.#read(path, size);
    } catch (error) {
      // Another process of the host has removed it.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      if (error instanceof Error) error.message = `${error.message}, ${path}`;
      throw error;
    }
  }

  async #read(path: string, size: number): Promise<readonly string[]> {
    const known = this.#tails.get(path);
    const file = await open(path, 'r');
    try {
      if (known === undefined && !(await isOf(file, this.#ledger))) return [];
      // Shorter than it was: another file under its name.
      const from = known !== undefined && known.readTo <= size ? known : { readTo: 0, creates: [] };
      const { readTo, creates } = await readBack(file, from.readTo, size);
      const tail = { readTo, creates: [...from.creates, ...creates].slice(-keptCreates) };
      this.#tails.set(path, tail);
      return tail.creates;
    } finally {
      await file.close();
    }
  }
}

/** From the end of the last whole line before `to` back to `from`, or until there are enough. */
async function readBack(file: FileHandle, from: number, to: number): Promise<Tail> {
  const newestFirst: string[] = [];
  let readTo = from;
  let rest: Buffer = Buffer.alloc(0);
  for (let end = to; end > from && newestFirst.length < keptCreates;) {
    const start = Math.max(from, end - pieceBytes);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(end - start), position: start });
    const piece = Buffer.concat([buffer.subarray(0, bytesRead), rest]);
    // What precedes the first line break may be the end of a line that begins before this piece.
    const first = start === from ? 0 : piece.indexOf('\n') + 1;
    const last = piece.lastIndexOf('\n') + 1;
    if (readTo === from && last > 0) readTo = start + last;
    const whole = piece.toString('utf8', first, readTo === from ? first : Math.max(first, last));
    for (const text of whole.split('\n').toReversed()) {
      const line = text.includes(isCreate) ? readSpoolLine(text) : null;
      if (line?.kind === 'request') newestFirst.push(line.request.attemptId);
    }
    rest = first === 0 && start !== from ? piece : piece.subarray(0, first);
    end = start;
  }
  return { readTo, creates: newestFirst.slice(0, keptCreates).toReversed() };
}

async function isOf(file: FileHandle, ledger: string): Promise<boolean> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(4_096), position: 0 });
  const heads = buffer.toString('utf8', 0, bytesRead).split('\n').map(readSpoolLine);
  const head = heads.find((line) => line?.kind === 'head');
  return head?.kind === 'head' && head.head.ledger === ledger;
}
