import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createUploads } from '../../../src/adapters/files/uploads.ts';

const uploads = createUploads({ mostBytes: 100 });
afterAll(() => uploads.close());

async function* content(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('leadId\n');
}

async function* brokenOff(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('leadId\n');
  throw new Error('aborted');
}

async function take(owner: string) {
  const upload = await uploads.take(owner, content());
  if (upload === null) throw new Error('it was too long');
  return upload;
}

describe('uploads', () => {
  it('are the newest three of each owner: a script that only ever compares fills no disk', async () => {
    const others = await take('bea');
    const taken = [await take('ana'), await take('ana'), await take('ana'), await take('ana'), await take('ana')];
    const found = taken.map(({ token }) => uploads.find(token, 'ana') !== null);
    expect(found).toEqual([false, false, true, true, true]);
    expect(uploads.find(others.token, 'bea')).toMatchObject({ token: others.token });
    expect((await readdir(dirname(others.path))).length).toBe(4);
  });

  it('that break off or are too long leave nothing behind', async () => {
    const { path } = await take('cleo');
    const before = await readdir(dirname(path));
    await expect(uploads.take('cleo', brokenOff())).rejects.toThrow('aborted');
    const long = async function* () {
      yield Buffer.alloc(101, 'x');
    };
    expect(await uploads.take('cleo', long())).toBeNull();
    expect(await readdir(dirname(path))).toEqual(before);
  });
});
