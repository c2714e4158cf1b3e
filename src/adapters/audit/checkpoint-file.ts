import { mkdir, open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoints } from '../../app/ports/audit-log.ts';
import type { AuditSeal } from '../../domain/audit-seal.ts';

/** Lines of a file that has been cut off in the middle of a write, or that somebody else has written, are passed over. */
export async function readCheckpoints(path: string): Promise<readonly AuditSeal[]> {
  const text = await readFile(path, 'utf8');
  return text.split('\n').flatMap((line) => {
    try {
      const seal = JSON.parse(line) as AuditSeal;
      return Number.isInteger(seal.no) &&
        seal.no < 2 ** 31 &&
        typeof seal.hash === 'string' &&
        typeof seal.ledger === 'string'
        ? [seal]
        : [];
    } catch {
      return [];
    }
  });
}

/** Every checkpoint in a folder; none where there is no folder. */
export async function readCheckpointFolder(folder: string): Promise<readonly AuditSeal[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const files = await Promise.all(
    names.filter((name) => name.endsWith(suffix)).map((name) => readCheckpoints(join(folder, name))),
  );
  return files.flat();
}

const suffix = '.seals.ndjson';

/**
 * One line a seal, appended and synced, in a file of this host: several hosts may share the folder. Best on storage on
 * which this service may append and nothing else.
 */
export function createCheckpoints(folder: string, host: string): Checkpoints {
  const path = join(folder, `${host.replaceAll(/[^\w.-]/g, '_')}${suffix}`);
  let newest: Map<string, number> | null = null;

  async function known(): Promise<Map<string, number>> {
    if (newest !== null) return newest;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const written = await readCheckpoints(path).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    });
    newest = new Map();
    for (const { ledger, no } of written) newest.set(ledger, Math.max(newest.get(ledger) ?? 0, no));
    return newest;
  }

  return {
    async newest(ledger) {
      return (await known()).get(ledger) ?? 0;
    },
    async append(seal) {
      const numbers = await known();
      const file = await open(path, 'a', 0o600);
      try {
        // The line break comes first, too: half a line of a crash must not swallow this one.
        await file.appendFile(`\n${JSON.stringify(seal)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      numbers.set(seal.ledger, seal.no);
    },
  };
}
