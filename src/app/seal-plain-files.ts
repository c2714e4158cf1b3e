import type { ErasureLedger } from './ports/erasure-ledger.ts';
import type { FileBytes } from './ports/file-bytes.ts';
import type { KeptFiles } from './ports/kept-files.ts';
import { systemCode } from './system-code.ts';

export interface SealPlainPorts {
  readonly kept: KeptFiles;
  readonly bytes: FileBytes;
  readonly erasures: Pick<ErasureLedger, 'alone'>;
}

/**
 * Seals what is kept plain on this host: files from before they were sealed, or that somebody has put there under the name
 * of a kept one. Not while records of one are blanked. What can't be read keeps no other from being sealed: `failed` has the
 * system's code for each.
 */
export async function sealPlainFiles({
  kept,
  bytes,
  erasures,
}: SealPlainPorts): Promise<{ readonly sealed: number; readonly failed: readonly string[] }> {
  let sealed = 0;
  const failed: string[] = [];
  for await (const file of kept.list()) {
    const isPutAway = file.place === 'archive' || file.place === 'rejected';
    if (!isPutAway || file.fileId === null || bytes.isSealed(file.path)) continue;
    try {
      await erasures.alone(file.path, () => kept.seal(file));
      sealed += 1;
    } catch (error) {
      const code = systemCode(error);
      // Taken away since it was listed.
      if (code !== 'ENOENT') failed.push(code);
    }
  }
  return { sealed, failed };
}
