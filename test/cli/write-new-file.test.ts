import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UsageFault } from '../../src/cli/usage-fault.ts';
import { writeNewFile } from '../../src/cli/write-new-file.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])(
  'says that there is no room, and leaves nothing of the file: %s',
  async (code) => {
    const scratch = await scratchFolder();
    async function* lines(): AsyncGenerator<string> {
      yield 'a line';
      throw Object.assign(new Error('write'), { code });
    }
    const path = join(scratch.path, 'out.csv');
    const writing = writeNewFile(path, lines());
    await expect(writing).rejects.toThrow(UsageFault);
    await expect(writing).rejects.toThrow(`${path}: expected room for the whole file; found ${code}`);
    expect(await readdir(scratch.path)).toEqual([]);
    await scratch.remove();
  },
);
