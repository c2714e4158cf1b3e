import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimedFile } from '../../../src/app/ports/folders.ts';
import { ageMs, foldersUnderTest, foundAgain, type FoldersUnderTest } from './folders-under-test.ts';

let test: FoldersUnderTest;
beforeEach(async () => {
  test = await foldersUnderTest();
});
afterEach(() => test.remove());

const text = 'a;b\n1;2\n';
const sum = createHash('sha256').update(text).digest('hex');
const visible = async () => (await readdir(test.inbox)).filter((name) => !name.startsWith('.')).toSorted();

/** Looks until the one file that is ready, and claims it. */
async function takeOnly(): Promise<ClaimedFile> {
  await test.look();
  test.pass(ageMs);
  const { ready } = await test.scan();
  expect(ready).toHaveLength(1);
  if (ready[0] === undefined) throw new Error('nothing is ready');
  return test.claimedFile(ready[0]);
}

describe('a partner that sends done files', () => {
  beforeEach(() => test.ask({ done: '{name}.done' }));

  it('has a file taken once its own is there, and not before', async () => {
    await test.drop('x.csv', text);
    await test.drop('y.csv.done', '');
    await test.look();
    test.pass(100 * ageMs);
    expect(await test.look()).toEqual([]);
    expect(await test.sight()).toMatchObject({ arriving: 2 });
    await test.drop('x.csv.done', '');
    const file = await takeOnly();
    expect(file).toMatchObject({ name: 'x.csv', fault: null });
    expect(await visible()).toEqual(['y.csv.done']);
    expect(await test.folders.listClaimed()).toEqual([foundAgain(file)]);
  });

  it('has a last line without a break taken at once: somebody vouches for it', async () => {
    await test.drop('x.csv', 'a;b\n1;2');
    await test.drop('x.csv.done', '');
    expect(await takeOnly()).toMatchObject({ name: 'x.csv' });
  });

  it('may write its names in any case', async () => {
    await test.drop('Campaña.CSV', text);
    await test.drop('campan\u0303a.csv.DONE', '');
    expect(await takeOnly()).toMatchObject({ name: 'Campaña.CSV' });
    expect(await visible()).toEqual([]);
  });

  it('is not believed by a link or a folder', async () => {
    await test.drop('x.csv', text);
    await symlink(join(test.inbox, 'x.csv'), join(test.inbox, 'x.csv.done'));
    await test.drop('y.csv', text);
    await mkdir(join(test.inbox, 'y.csv.done'));
    await test.look();
    test.pass(ageMs);
    expect(await test.look()).toEqual([]);
  });

  it.each(['archive', 'reject'] as const)('finds it put away with its file: %s', async (how) => {
    await test.drop('x.csv', text);
    await test.drop('x.csv.done', 'ok');
    const file = await takeOnly();
    const path = await (how === 'archive' ? test.folders.archive(file, '7') : test.folders.reject(file, '7', 'No.'));
    expect(await readFile(path.replace(/sealed$/, 'done'), 'utf8')).toBe('ok');
    expect(await test.textOf(path)).toBe(text);
    expect(await test.folders.listClaimed()).toEqual([]);
    expect((await readdir(join(test.inbox, '.taken'))).filter((name) => name !== '.late')).toEqual([]);
  });

  it('finds one that a crash left in the inbox put away, too', async () => {
    await test.drop('x.csv', text);
    await test.drop('x.csv.done', '');
    await test.look();
    test.pass(ageMs);
    const [found] = (await test.scan()).ready;
    if (found === undefined) throw new Error('not ready');
    const file = await test.claimedFile({ ...found, companions: {} });
    await test.others.gatherCompanions(file, { done: '{name}.done', checksum: null });
    expect(await visible()).toEqual([]);
    expect(await readFile((await test.folders.archive(file, '7')).replace(/sealed$/, 'done'), 'utf8')).toBe('');
  });

  it('keeps the one of the next file of that name', async () => {
    const file = await test.claimed('x.csv', text);
    await test.drop('x.csv', 'a;b\n3;4\n');
    await test.drop('x.csv.done', '');
    await test.others.gatherCompanions(file, { done: '{name}.done', checksum: null });
    expect(await visible()).toEqual(['x.csv', 'x.csv.done']);
  });
});

describe('a partner that sends checksums', () => {
  beforeEach(() => test.ask({ checksum: '{stem}.sha256' }));

  it.each([
    ['as sha256sum writes it', `${sum}  x.csv\n`],
    ['of binary mode', `${sum} *x.csv\n`],
    ['as BSD writes it', `SHA256 (x.csv) = ${sum}\n`],
    ['made in another folder', `${sum}  /home/export/x.csv\r\n`],
    ['in a list', `${'0'.repeat(64)}  y.csv\n${sum}  x.csv\n`],
    ['alone and in capitals', sum.toUpperCase()],
    ['in UTF-16, as PowerShell has it', Buffer.from(`\uFEFF${sum}  x.csv\r\n`, 'utf16le')],
  ])('has a file taken whose sum is right, %s', async (_, content) => {
    await test.drop('x.csv', text);
    await test.drop('x.sha256', content);
    expect(await takeOnly()).toMatchObject({ name: 'x.csv', fault: null });
    expect(await visible()).toEqual([]);
  });

  it.each([
    ['another sum', `${'0'.repeat(64)}  x.csv\n`],
    ['no sum', 'x.csv\n'],
    ['nothing', ''],
    ['two sums for it', `${sum}  x.csv\n${'0'.repeat(64)}  x.csv\n`],
    ['the sum of another length', `${sum}0  x.csv\n`],
  ])('has it refused with %s, after a crash as well', async (_, content) => {
    await test.drop('x.csv', text);
    await test.drop('x.sha256', content);
    const file = await takeOnly();
    expect(file.fault).toBe('FILE_CHECKSUM_MISMATCH');
    expect(await test.others.listClaimed()).toEqual([foundAgain(file)]);
    const path = await test.folders.reject(file, '7', 'No.');
    expect(await readFile(path.replace(/sealed$/, 'sha256'))).toEqual(Buffer.from(content));
  });

  it('waits for the sum to be complete as for the file', async () => {
    await test.drop('x.csv', text);
    await test.look();
    test.pass(ageMs);
    await test.drop('x.sha256', sum.slice(0, 20));
    expect(await test.look()).toEqual([]);
    test.pass(ageMs);
    await test.drop('x.sha256', sum);
    expect(await test.look()).toEqual([]);
    test.pass(ageMs);
    expect(await test.look()).toEqual(['x.csv']);
  });

  it('has it compared with the bytes that were claimed', async () => {
    await test.drop('x.csv', text);
    await test.drop('x.sha256', sum);
    await test.look();
    test.pass(ageMs);
    const [found] = (await test.scan()).ready;
    if (found === undefined) throw new Error('not ready');
    await rm(join(test.inbox, 'x.csv'));
    await test.drop('next', 'a;b\n1;3\n');
    await rename(join(test.inbox, 'next'), join(test.inbox, 'x.csv'));
    expect(await test.folders.claim(found)).toBeNull();
    expect(await visible()).toEqual(['x.csv', 'x.sha256']);
  });
});
