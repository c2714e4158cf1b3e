import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeptBytes } from '../../../src/adapters/crypto/kept-bytes.ts';
import { scratchFolder, type ScratchFolder } from '../../support/scratch-folder.ts';
import { bytesUnderTest } from './bytes-under-test.ts';

const chunk = 64 * 1024;
const tag = 16;

let scratch: ScratchFolder;
let bytes: KeptBytes;
let path: string;
beforeEach(async () => {
  scratch = await scratchFolder();
  bytes = bytesUnderTest(scratch.path);
  await mkdir(join(scratch.path, 'archive/acme'), { recursive: true });
  path = join(scratch.path, 'archive/acme/1.csv.sealed');
});
afterEach(() => scratch.remove());

const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(chunks));
const read = (start = 0): Promise<Buffer> => collect(bytes.read(path, start));

/** Seals a content and answers what is on disk: its head, and its chunks behind it. */
async function seal(plain: Buffer, partner = 'acme') {
  const sealed = await collect(bytes.seal(partner, [plain]));
  await writeFile(path, sealed);
  const chunks = Math.max(1, Math.ceil(plain.length / chunk));
  const headLength = sealed.length - plain.length - chunks * tag;
  const body = sealed.subarray(headLength);
  return {
    head: sealed.subarray(0, headLength),
    chunks: Array.from({ length: chunks }, (_, at) => body.subarray(at * (chunk + tag), (at + 1) * (chunk + tag))),
  };
}

describe('a sealed file', () => {
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 7])(
    'of %i bytes gives back what was sealed, from any place on, and shows nothing of it',
    async (length) => {
      const plain = randomBytes(length);
      await seal(plain);
      expect((await read()).equals(plain)).toBe(true);
      expect(await bytes.size(path)).toBe(length);
      for (const start of [1, chunk - 1, chunk, chunk + 1, 2 * chunk + 5, length, length + 9])
        expect((await read(start)).equals(plain.subarray(start))).toBe(true);
      if (length > 16) expect((await readFile(path)).includes(plain.subarray(0, 16))).toBe(false);
    },
  );

  it('is the same however its bytes come in', async () => {
    const plain = randomBytes(2 * chunk + 100);
    const pieces = [plain.subarray(0, 5), plain.subarray(5, chunk + 5), plain.subarray(chunk + 5)];
    await writeFile(path, bytes.seal('acme', pieces));
    expect((await read()).equals(plain)).toBe(true);
  });

  it('opens no more once a chunk is changed, missing, moved, repeated or of another file', async () => {
    const plain = randomBytes(3 * chunk + 50);
    const { head, chunks } = await seal(plain);
    const [one, two, three, last] = chunks as [Buffer, Buffer, Buffer, Buffer];
    const other = await seal(randomBytes(3 * chunk + 50));
    const changed = Buffer.from(two);
    changed[100] = (changed[100] ?? 0) ^ 1;
    const otherHead = Buffer.from(head);
    otherHead[otherHead.length - 1] = (otherHead.at(-1) ?? 0) ^ 1;
    const otherKey = Buffer.from(head);
    otherKey[16] = 0xff;
    const broken = {
      changed: [head, one, changed, three, last],
      'cut behind a chunk': [head, one, two, three],
      'cut inside a chunk': [head, one, two, three, last.subarray(0, 20)],
      'cut down to its head': [head],
      'cut inside its head': [head.subarray(0, 20)],
      'without a chunk': [head, one, three, last],
      swapped: [head, two, one, three, last],
      'with one repeated': [head, one, one, three, last],
      'with one behind its last': [head, one, two, three, last, last],
      'with one of another': [head, one, other.chunks[1] ?? last, three, last],
      'behind the head of another': [other.head, one, two, three, last],
      'behind a changed head': [otherHead, one, two, three, last],
      'under a data key that is not there': [otherKey, one, two, three, last],
      empty: [],
      plain: [plain],
    };
    for (const [how, parts] of Object.entries(broken)) {
      await writeFile(path, Buffer.concat(parts));
      await expect(read(), how).rejects.toMatchObject({ code: 'FILE_SEAL_BROKEN' });
    }
    await writeFile(path, Buffer.concat([head, one, two, three, last]));
    expect((await read()).equals(plain)).toBe(true);
  });

  it('has a key of its own each time: equal files look different, and a rewritten one shares nothing with the old', async () => {
    const plain = Buffer.alloc(100, 'a');
    const first = await seal(plain);
    const second = await seal(plain);
    expect(first.chunks[0]?.equals(second.chunks[0] ?? plain)).toBe(false);
    const rewritten = await collect(bytes.sealLike(path, [Buffer.alloc(100, 'b')]));
    await writeFile(path, rewritten);
    expect((await read()).toString()).toBe('b'.repeat(100));
    expect(rewritten.includes(second.chunks[0] ?? plain)).toBe(false);
  });

  it('is read and written at constant memory', async () => {
    async function* many(): AsyncGenerator<Buffer> {
      for (let at = 0; at < 2_000; at += 1) yield Buffer.alloc(chunk, at);
    }
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    await writeFile(path, bytes.seal('acme', many()));
    let length = 0;
    for await (const piece of bytes.read(path, 0)) {
      length += piece.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(length).toBe(2_000 * chunk);
    expect(most).toBeLessThan(80 << 20);
  });
});

it('a file elsewhere is plain, whatever it is called and whatever its bytes say', async () => {
  const sealed = await collect(bytes.seal('acme', [Buffer.from('a;b\n')]));
  const claimed = join(scratch.path, 'x.csv.sealed');
  await writeFile(claimed, sealed);
  expect(bytes.isSealed(claimed)).toBe(false);
  expect((await collect(bytes.read(claimed, 0))).equals(sealed)).toBe(true);
  expect((await collect(bytes.sealLike(claimed, [Buffer.from('x')]))).toString()).toBe('x');
});
