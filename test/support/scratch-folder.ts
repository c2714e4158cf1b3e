import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';

export interface ScratchFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** An empty folder (mode 0700) inside the checkout's data/test. One that isn't removed stays until the next run. */
export async function scratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(inject('runFolder'), 'scratch', 's-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
