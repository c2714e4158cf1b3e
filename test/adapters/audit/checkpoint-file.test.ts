import { appendFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpoints, readCheckpointFolder } from '../../../src/adapters/audit/checkpoint-file.ts';
import type { AuditSeal } from '../../../src/domain/audit-seal.ts';
import { scratchFolder, type ScratchFolder } from '../../support/scratch-folder.ts';

let scratch: ScratchFolder;

beforeEach(async () => {
  scratch = await scratchFolder();
});

afterEach(() => scratch.remove());

const seal = (no: number, ledger = 'a'): AuditSeal => ({
  ledger,
  no,
  previous: null,
  entries: 1,
  total: no,
  firstSeq: '1',
  lastSeq: '1',
  throughTxid: '1',
  sealedAt: '2026-11-27T08:00:00.000000Z',
  digest: 'd',
  hash: `h${no}`,
  key: 'k',
  signature: 's',
});

describe('checkpoints', () => {
  it('are one line a seal in a file of this host, which its owner alone can read', async () => {
    const folder = join(scratch.path, 'checkpoints');
    const checkpoints = createCheckpoints(folder, 'worker/1');
    await checkpoints.append(seal(1));
    await checkpoints.append(seal(2));
    await createCheckpoints(folder, 'other').append(seal(3));
    expect(await readdir(folder)).toEqual(['other.seals.ndjson', 'worker_1.seals.ndjson']);
    expect((await stat(join(folder, 'worker_1.seals.ndjson'))).mode & 0o777).toBe(0o600);
    expect((await readCheckpointFolder(folder)).map(({ no }) => no).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });

  it('know after a restart how far they have come, for each ledger', async () => {
    await createCheckpoints(scratch.path, 'host').append(seal(7));
    const later = createCheckpoints(scratch.path, 'host');
    expect(await later.newest('a')).toBe(7);
    expect(await later.newest('b')).toBe(0);
  });

  it('lose no seal to half a line that a crash has left, nor to lines of other things', async () => {
    await createCheckpoints(scratch.path, 'host').append(seal(1));
    const path = join(scratch.path, 'host.seals.ndjson');
    await appendFile(path, '{"no":2,"ledger":"a","ha');
    await createCheckpoints(scratch.path, 'host').append(seal(2));
    await appendFile(path, 'null\n[]\n{"no":"x"}\n');
    expect((await readCheckpointFolder(scratch.path)).map(({ no }) => no)).toEqual([1, 2]);
  });

  it('are none where there is no folder, and other files in it are left alone', async () => {
    expect(await readCheckpointFolder(join(scratch.path, 'nowhere'))).toEqual([]);
    await writeFile(join(scratch.path, 'notes.txt'), JSON.stringify(seal(9)));
    expect(await readCheckpointFolder(scratch.path)).toEqual([]);
  });
});
