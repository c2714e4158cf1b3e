import { appendFile, link, open, readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ageMs, foldersUnderTest, type FoldersUnderTest } from './folders-under-test.ts';

let test: FoldersUnderTest;
beforeEach(async () => {
  test = await foldersUnderTest();
});
afterEach(() => test.remove());

const late = async () => readdir(join(test.inbox, '.taken', '.late'));
const visible = async () => (await readdir(test.inbox)).filter((name) => !name.startsWith('.')).toSorted();
const textOf = (name: string) => readFile(join(test.inbox, name), 'utf8');

describe('a writer who goes on after the claim', () => {
  it('finds the file in the inbox again, whole, though its first part was imported', async () => {
    const found = await test.found('x.csv', 'a;b\n1;2\n');
    await using writer = await open(found.path, 'a');
    const file = await test.claimedFile(found);
    await test.folders.detach(file);
    await test.folders.archive(file, '7');
    expect(await test.folders.returnLateWrites()).toBe(0);

    await writer.write('3;4\n');
    expect(await test.folders.returnLateWrites()).toBe(1);
    expect(await textOf('x.csv')).toBe('a;b\n1;2\n3;4\n');
    expect(await late()).toEqual([]);

    await writer.write('5;6\n');
    await test.look();
    test.pass(ageMs);
    const [again] = (await test.scan()).ready;
    if (again === undefined) throw new Error('the file that came back is not ready');
    expect(await readFile((await test.claimedFile(again)).path, 'utf8')).toBe('a;b\n1;2\n3;4\n5;6\n');
  });

  it('finds it also when it was refused before anything was in it', async () => {
    const found = await test.found('x.csv', '');
    await using writer = await open(found.path, 'a');
    const rejected = await test.folders.reject(await test.claimedFile(found), '7', 'Empty.');
    await writer.write('a;b\n1;2\n');
    expect(await test.folders.returnLateWrites()).toBe(1);
    expect([await textOf('x.csv'), await test.textOf(rejected)]).toEqual(['a;b\n1;2\n', '']);
    await test.look();
    test.pass(ageMs);
    expect(await test.look()).toEqual(['x.csv']);
  });

  it('finds it beside a new file of the same name', async () => {
    const found = await test.found('x.csv', 'a;b\n');
    await using writer = await open(found.path, 'a');
    await test.folders.archive(await test.claimedFile(found), '7');
    await test.drop('x.csv', 'new\n');
    await writer.write('1;2\n');
    await test.folders.returnLateWrites();
    expect(await visible()).toEqual(['2-x.csv', 'x.csv']);
    expect([await textOf('2-x.csv'), await textOf('x.csv')]).toEqual(['a;b\n1;2\n', 'new\n']);
  });

  it('gets it back once from many processes, and not as a hard link', async () => {
    const found = await test.found('x.csv', 'a;b\n');
    const file = await test.claimedFile(found);
    const [entry = ''] = await late();
    await test.folders.detach(file);
    await appendFile(join(test.inbox, '.taken', '.late', entry, 'x.csv'), '1;2\n');
    await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? test.folders : test.others).returnLateWrites()),
    );
    expect(await visible()).toEqual(['x.csv']);
    expect(await test.sight()).toMatchObject({ arriving: 1, passedOver: 0 });
  });

  it('gets it back once when another process is in the middle of it', async () => {
    const file = await test.claimed('x.csv', 'a;b\n');
    const [entry = ''] = await late();
    const kept = join(test.inbox, '.taken', '.late', entry, 'x.csv');
    await test.folders.detach(file);
    await appendFile(kept, '1;2\n');
    await link(kept, join(test.inbox, 'x.csv'));
    await test.folders.returnLateWrites();
    expect(await visible()).toEqual(['x.csv']);
    expect(await test.sight()).toMatchObject({ arriving: 1, passedOver: 0 });
  });
});

describe('a file of which nothing more is heard', () => {
  it('is forgotten half an hour after its claim', async () => {
    await test.folders.detach(await test.claimed('x.csv', 'a;b\n'));
    await test.folders.returnLateWrites();
    test.pass(30 * 60_000 - 1);
    await test.folders.returnLateWrites();
    expect(await late()).toHaveLength(1);
    test.pass(1);
    expect(await test.folders.returnLateWrites()).toBe(0);
    expect(await late()).toEqual([]);
  });

  it('is forgotten after a day, however often the service was started meanwhile', async () => {
    await test.folders.detach(await test.claimed('x.csv', 'a;b\n'));
    const [entry = ''] = await late();
    await utimes(join(test.inbox, '.taken', '.late', entry), 1, 1);
    expect(await test.others.returnLateWrites()).toBe(0);
    expect(await late()).toEqual([]);
  });

  it('does not come back because its time was set, as many programs do last, and is watched further', async () => {
    await test.folders.detach(await test.claimed('x.csv', 'a;b\n'));
    const [before = ''] = await late();
    await utimes(join(test.inbox, '.taken', '.late', before, 'x.csv'), 1, 1);
    expect(await test.folders.returnLateWrites()).toBe(0);
    expect(await visible()).toEqual([]);
    const [after = ''] = await late();
    await appendFile(join(test.inbox, '.taken', '.late', after, 'x.csv'), '1;2\n');
    expect(await test.folders.returnLateWrites()).toBe(1);
    expect(await visible()).toEqual(['x.csv']);
  });
});
