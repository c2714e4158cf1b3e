import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Spool, SpooledRequest } from '../../../src/app/ports/spool.ts';
import { openSpool } from '../../../src/adapters/spool/spool-folder.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

const ledger = randomUUID();
let folder: string;
beforeEach(async () => {
  const scratch = await scratchFolder();
  folder = join(scratch.path, 'spool');
  onTestFinished(scratch.remove);
});

function open(instance: string, of = ledger): Spool {
  const spool = openSpool(folder, { ledger: of, instance });
  onTestFinished(() => spool.close());
  return spool;
}

function aRequest(over: Partial<SpooledRequest> = {}): SpooledRequest {
  return {
    attemptId: randomUUID(),
    rowId: '17',
    fence: 2,
    step: 'create',
    partner: 'acme',
    identity: randomUUID(),
    content: null,
    ...over,
  };
}

function anAnswer(attemptId: string, leadId: string) {
  const evidence = 'response_complete' as const;
  return { attemptId, leadId, idLanding: 'L1', outcome: 'answered', evidence, httpStatus: 200, code: null };
}

async function fileOf(instance: string): Promise<string> {
  const name = (await readdir(folder)).find((one) => one.startsWith(`${instance}.`));
  return join(folder, name ?? 'none');
}

async function createsOf(spool: Spool) {
  const creates = [];
  for await (const create of spool.creates()) creates.push(create);
  return creates;
}

describe('a spool', () => {
  it('gives back to another process what one has written, as it was written', async () => {
    const writer = open('host-1-aaaaaaaa');
    const [create, push] = [aRequest(), aRequest({ step: 'push', identity: null })];
    for (const request of [create, push]) writer.noteRequest(request);
    writer.noteAnswer(anAnswer(create.attemptId, '4711'));

    const reader = open('host-2-bbbbbbbb');
    expect(await reader.otherInstances()).toEqual(['host-1-aaaaaaaa']);
    expect(await createsOf(reader)).toEqual([{ ...create, instance: 'host-1-aaaaaaaa', at: expect.any(Date) }]);
    const wanted = new Set([create.attemptId, push.attemptId]);
    expect(await reader.answersOf('host-1-aaaaaaaa', wanted)).toEqual([anAnswer(create.attemptId, '4711')]);
    expect(await reader.answersOf('host-1-aaaaaaaa', new Set())).toEqual([]);
  });

  it('knows the newest creates of each process, however much follows them, and reads on where it was', async () => {
    const [one, two] = [open('host-1-aaaaaaaa'), open('host-2-bbbbbbbb')];
    const [first, newest, other] = [aRequest(), aRequest(), aRequest()];
    for (const request of [first, newest]) one.noteRequest(request);
    two.noteRequest(other);
    for (let n = 0; n < 1_000; n += 1) one.noteRequest(aRequest({ step: 'push' }));
    const reader = open('host-3-cccccccc');
    const known = [first, newest, other].map(({ attemptId }) => attemptId);
    expect((await reader.newestCreates()).toSorted()).toEqual(known.toSorted());
    // Half a line now, the other half at the next look.
    const next = aRequest();
    const line = `{"at":"2026-11-28T10:00:00.000Z","sent":"${next.attemptId}","row":"17","fence":2,"step":"create","partner":"acme"}\n`;
    await appendFile(await fileOf('host-2-bbbbbbbb'), line.slice(0, 40));
    expect((await reader.newestCreates()).toSorted()).toEqual(known.toSorted());
    await appendFile(await fileOf('host-2-bbbbbbbb'), line.slice(40));
    expect((await reader.newestCreates()).toSorted()).toEqual([...known, next.attemptId].toSorted());
  });

  it('names last the newest create of whoever wrote last, and its own after all others', async () => {
    const [one, two] = [open('host-1-aaaaaaaa'), open('host-2-bbbbbbbb')];
    const [first, second, own] = [aRequest(), aRequest(), aRequest()];
    one.noteRequest(first);
    two.noteRequest(second);
    const reader = open('host-0-cccccccc');
    const writtenAt = async (instance: string, s: number) => utimes(await fileOf(instance), s, s);
    const now = Math.floor(Date.now() / 1_000);
    await writtenAt('host-1-aaaaaaaa', now);
    await writtenAt('host-2-bbbbbbbb', now - 60);
    expect((await reader.newestCreates()).at(-1)).toBe(first.attemptId);
    await writtenAt('host-2-bbbbbbbb', now + 1);
    expect((await reader.newestCreates()).at(-1)).toBe(second.attemptId);
    reader.noteRequest(own);
    expect((await reader.newestCreates()).at(-1)).toBe(own.attemptId);
  });

  it('of which nothing is read twice: a look at a hundred megabytes of status updates costs nothing', async () => {
    const writer = open('host-1-aaaaaaaa');
    const [first, last] = [aRequest(), aRequest()];
    writer.noteRequest(first);
    const path = await fileOf('host-1-aaaaaaaa');
    const push = `{"at":"2026-11-28T10:00:00.000Z","sent":"${randomUUID()}","row":"17","fence":2,"step":"push","partner":"acme"}\n`;
    for (let n = 0; n < 100; n += 1) await appendFile(path, push.repeat(Math.ceil(1_000_000 / push.length)));
    const reader = open('host-2-bbbbbbbb');
    expect(await reader.newestCreates()).toEqual([first.attemptId]);
    const begun = performance.now();
    for (let n = 0; n < 20; n += 1) await reader.newestCreates();
    expect(performance.now() - begun).toBeLessThan(200);
    writer.noteRequest(last);
    expect(await reader.newestCreates()).toEqual([first.attemptId, last.attemptId]);
  });

  it('gives the newest hundred of many creates, across the pieces that it is read in', async () => {
    const writer = open('host-1-aaaaaaaa');
    const creates = Array.from({ length: 1_000 }, (_, n) => aRequest({ partner: 'p'.repeat(1 + (n % 300)) }));
    for (const create of creates) {
      writer.noteRequest(create);
      writer.noteRequest(aRequest({ step: 'push', partner: 'p'.repeat(500) }));
    }
    const newest = await open('host-2-bbbbbbbb').newestCreates();
    expect(newest).toEqual(creates.slice(-100).map(({ attemptId }) => attemptId));
  });

  it('passes over the line that a crash cut off, and loses none after it', async () => {
    const writer = open('host-1-aaaaaaaa');
    const [before, after] = [aRequest(), aRequest()];
    writer.noteRequest(before);
    await appendFile(await fileOf('host-1-aaaaaaaa'), '{"at":"2026-11-28T10:00:00.000Z","sent":"0b8');
    writer.close();
    writer.noteRequest(after);
    expect((await createsOf(open('host-2-bbbbbbbb'))).map(({ attemptId }) => attemptId)).toEqual([
      before.attemptId,
      after.attemptId,
    ]);
  });

  it('of another ledger in the same folder is not its own', async () => {
    open('host-1-aaaaaaaa', randomUUID()).noteRequest(aRequest());
    const reader = open('host-2-bbbbbbbb');
    expect(await reader.newestCreates()).toEqual([]);
    expect(await createsOf(reader)).toEqual([]);
  });

  it('keeps its name wherever its folder goes, and its files for fourteen days', async () => {
    const writer = open('host-1-aaaaaaaa');
    writer.noteRequest(aRequest());
    const path = await fileOf('host-1-aaaaaaaa');
    const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3_600_000);
    await utimes(path, daysAgo(13), daysAgo(13));
    const next = open('host-2-bbbbbbbb');
    expect(next.id).toBe(writer.id);
    expect(await next.newestCreates()).toHaveLength(1);
    await utimes(path, daysAgo(15), daysAgo(15));
    expect(await next.newestCreates()).toEqual([]);
  });

  it('can be read by nobody else, and names nobody', async () => {
    open('host-1-aaaaaaaa').noteRequest(aRequest());
    const path = await fileOf('host-1-aaaaaaaa');
    expect(Object.keys(JSON.parse((await readFile(path, 'utf8')).trim().split('\n').at(-1) ?? '{}'))).toEqual([
      'at',
      'sent',
      'row',
      'fence',
      'step',
      'partner',
      'identity',
      'content',
    ]);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('that can not be written throws, so that nothing is sent', async () => {
    const writer = open('host-1-aaaaaaaa');
    // A folder stands where the file would.
    await mkdir(join(folder, `host-1-aaaaaaaa.${new Date().toISOString().slice(0, 10)}.spool.ndjson`));
    expect(() => writer.noteRequest(aRequest())).toThrow(/EISDIR/);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'whose disk was full when its file was begun is found by others all the same',
    async () => {
      const writer = open('host-1-aaaaaaaa');
      const name = `host-1-aaaaaaaa.${new Date().toISOString().slice(0, 10)}.spool.ndjson`;
      // Every write to it fails for want of room.
      await symlink('/dev/full', join(folder, name));
      expect(() => writer.noteRequest(aRequest())).toThrow(/ENOSPC/);
      await unlink(join(folder, name));
      const request = aRequest();
      writer.noteRequest(request);
      expect(await open('host-2-bbbbbbbb').newestCreates()).toEqual([request.attemptId]);
    },
  );

  it('whose name was cut off by a crash says which file to remove', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'spool.id'), '');
    expect(() => open('host-1-aaaaaaaa')).toThrow(/spool\.id: expected a UUID; remove the file/);
  });

  it('is read past what is no spool at all', async () => {
    const reader = open('host-1-aaaaaaaa');
    await writeFile(join(folder, 'host-9-zzzzzzzz.2026-11-28.spool.ndjson'), 'not a spool\n[1]\nnull\n{"spool":2}\n');
    expect(await createsOf(reader)).toEqual([]);
    expect(await reader.newestCreates()).toEqual([]);
  });
});
