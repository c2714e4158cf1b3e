import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FoundRequest, Spool, SpooledAnswer } from '../../app/ports/spool.ts';
import { SpoolFile, spoolSuffix } from './spool-file.ts';
import { isUuid, readSpoolLine, writeAnswer, writeRequest, type SpoolHead } from './spool-line.ts';
import { SpoolTails } from './spool-tails.ts';

/** The spool of one process in the folder of its host. Old files are removed (spool-tails.ts). */
export function openSpool(folder: string, head: SpoolHead): Spool {
  const id = idOf(folder);
  const own = new SpoolFile(folder, head);
  const tails = new SpoolTails(head.ledger);
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
      const files: { readonly creates: readonly string[]; readonly writtenMs: number }[] = [];
      for (const name of await filesIn(folder)) {
        const path = join(folder, name);
        files.push({ creates: await tails.of(path), writtenMs: await writtenAt(path) });
      }
      const newest = new Set(
        files.toSorted((one, other) => one.writtenMs - other.writtenMs).flatMap((file) => file.creates),
      );
      if (ownNewest === null) return [...newest];
      newest.delete(ownNewest);
      return [...newest, ownNewest];
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

/** Made at the first start, whole or not at all; of several that start at once, one wins. Throws what the file system throws. */
function idOf(folder: string): string {
  const path = join(folder, 'spool.id');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(path)) {
    const temporary = `${path}.${randomUUID()}`;
    try {
      writeFileSync(temporary, randomUUID(), { flag: 'wx', mode: 0o600, flush: true });
      linkSync(temporary, path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    } finally {
      rmSync(temporary, { force: true });
    }
  }
  const id = readFileSync(path, 'utf8').trim();
  if (isUuid(id)) return id;
  throw Object.assign(new Error(`${path}: expected a UUID; remove the file, and another is made`), { code: 'EINVAL' });
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

/** 0 for one that was removed meanwhile. */
async function writtenAt(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.mtimeMs ?? 0;
}
