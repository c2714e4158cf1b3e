import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FoundRequest, Spool, SpooledAnswer } from '../../app/ports/spool.ts';
import { SpoolFile, spoolSuffix } from './spool-file.ts';
import { readSpoolLine, writeAnswer, writeRequest, type SpoolHead } from './spool-line.ts';

/** A ledger that is brought back from a backup older than this is not noticed. */
const keptDays = 14;
/** The newest create stands this near to the end of a file: its answer and those of others follow it. */
const tailBytes = 64 * 1024;

/** The spool of one process in the folder of its host. Files of `keptDays` without a write are removed. */
export function openSpool(folder: string, head: SpoolHead): Spool {
  const id = idOf(folder);
  const own = new SpoolFile(folder, head);
  let ownNewest: string | null = null;

  return {
    id,

    noteRequest(request) {
      const at = new Date();
      own.append(at, writeRequest(at, request));
      if (request.step === 'create') ownNewest = request.attemptId;
    },

    noteAnswer(answer) {
      const at = new Date();
      own.append(at, writeAnswer(at, answer));
    },

    async newestCreates() {
      await removeOld(folder);
      const newest: string[] = [];
      for (const name of await filesIn(folder)) {
        const found = await newestCreateIn(join(folder, name), head.ledger);
        if (found !== null) newest.push(found);
      }
      return ownNewest === null ? newest : [...new Set([...newest, ownNewest])];
    },

    async otherInstances() {
      const names = await filesIn(folder);
      return [...new Set(names.map(instanceOf))].filter((instance) => instance !== head.instance);
    },

    async answersOf(instance, wanted) {
      const answers: SpooledAnswer[] = [];
      for (const name of await filesIn(folder)) {
        if (instanceOf(name) !== instance) continue;
        for await (const line of linesOf(join(folder, name), head.ledger)) {
          if (line.kind === 'answer' && wanted.has(line.answer.attemptId)) answers.push(line.answer);
        }
      }
      return answers;
    },

    async *creates() {
      for (const name of await filesIn(folder)) {
        const instance = instanceOf(name);
        for await (const line of linesOf(join(folder, name), head.ledger)) {
          if (line.kind === 'request' && line.request.step === 'create')
            yield { ...line.request, instance } satisfies FoundRequest;
        }
      }
    },

    close: () => own.close(),
  };
}

/** Made at the first start; of several that start at once, one wins. Throws what the file system throws. */
function idOf(folder: string): string {
  const path = join(folder, 'spool.id');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, randomUUID(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(path, 'utf8').trim();
}

/** In the order of their names: of one process, day by day. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.endsWith(spoolSuffix)).toSorted();
}

function instanceOf(name: string): string {
  return name.slice(0, -spoolSuffix.length).replace(/\.\d{4}-\d{2}-\d{2}$/, '');
}

async function* linesOf(path: string, ledger: string) {
  let isOurs = false;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const line = readSpoolLine(text);
    if (line?.kind === 'head') isOurs = line.head.ledger === ledger;
    else if (line !== null && isOurs) yield line;
  }
}

async function newestCreateIn(path: string, ledger: string): Promise<string | null> {
  if (!(await isOf(path, ledger))) return null;
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (let length = tailBytes; ; length *= 16) {
      const start = Math.max(0, size - length);
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - start), position: start });
      const lines = buffer.toString('utf8', 0, bytesRead).split('\n').map(readSpoolLine);
      const newest = lines.findLast((line) => line?.kind === 'request' && line.request.step === 'create');
      if (newest?.kind === 'request') return newest.request.attemptId;
      if (start === 0) return null;
    }
  } finally {
    await file.close();
  }
}

async function isOf(path: string, ledger: string): Promise<boolean> {
  for await (const text of createInterface({ input: createReadStream(path, { end: 4_096 }) })) {
    const line = readSpoolLine(text);
    if (line?.kind === 'head') return line.head.ledger === ledger;
  }
  return false;
}

async function removeOld(folder: string): Promise<void> {
  const oldest = Date.now() - keptDays * 24 * 3_600_000;
  for (const name of await filesIn(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    // Two processes of one host may remove the same file.
    if (mtimeMs < oldest) await unlink(path).catch(() => undefined);
  }
}
