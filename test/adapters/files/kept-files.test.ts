import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCsvRecordReader } from '../../../src/adapters/csv/csv-record-reader.ts';
import { fileBytes } from '../../../src/adapters/csv/file-bytes.ts';
import type { KeptBytes } from '../../../src/adapters/crypto/kept-bytes.ts';
import { createKeptFiles } from '../../../src/adapters/files/kept-files.ts';
import type { KeptFiles } from '../../../src/app/ports/kept-files.ts';
import { bytesUnderTest } from '../crypto/bytes-under-test.ts';
import { scratchFolder, type ScratchFolder } from '../../support/scratch-folder.ts';

let scratch: ScratchFolder;
let kept: KeptFiles;
let bytes: KeptBytes;
const at = (...parts: readonly string[]): string => join(scratch.path, ...parts);

beforeEach(async () => {
  scratch = await scratchFolder();
  bytes = bytesUnderTest(scratch.path);
  const folders = { inbox: at('inbox'), outbox: at('outbox'), archive: at('archive'), rejected: at('rejected') };
  kept = createKeptFiles(folders, bytes);
});
afterEach(() => scratch.remove());

async function write(path: string, content: string | Buffer = 'x'): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes.isSealed(path) ? bytes.seal('acme', [Buffer.from(content)]) : content);
  return path;
}

const read = async (path: string): Promise<Buffer> => Buffer.concat(await Array.fromAsync(bytes.read(path, 0)));

const sha = 'a'.repeat(64);
const limits = { maxBytes: Infinity, maxRows: Infinity, maxCell: 1_000 };

describe('kept files', () => {
  it('leave nothing of a kill behind, also where a partner’s folder is a link to where the SFTP server keeps it', async () => {
    const folders = ['inbox', 'outbox', 'archive', 'rejected'];
    for (const folder of folders) {
      await mkdir(at('sftp', folder, 'deeper'), { recursive: true });
      await mkdir(at(folder));
      await symlink(at('sftp', folder), at(folder, 'norte'));
    }
    const paths = folders.flatMap((folder) => [
      at(folder, '.leadsync-1.tmp'),
      at(folder, 'acme', '.leadsync-2.tmp'),
      at('sftp', folder, '.leadsync-3.tmp'),
      at('sftp', folder, 'deeper', '.leadsync-4.tmp'),
    ]);
    const young = at('outbox/norte/.leadsync-5.tmp');
    for (const path of [...paths, young]) await write(path);
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const path of paths) await utimes(path, hourAgo, hourAgo);
    // What a partner makes itself leads nowhere, or in circles, of which two take for ever.
    await symlink(at('elsewhere'), at('sftp/inbox/mine'));
    for (const circle of ['one', 'two']) await symlink('.', at('sftp/inbox', circle));
    const elsewhere = await write(at('elsewhere/.leadsync-6.tmp'));
    await utimes(elsewhere, hourAgo, hourAgo);
    await kept.removeLeftovers();
    const left = await Promise.all([...paths, young, elsewhere].map((path) => lstat(path).catch(() => null)));
    expect([...paths, young, elsewhere].filter((_, index) => left[index] !== null)).toEqual([young, elsewhere]);
  });

  it('are those in the archive, turned away, claimed and watched, without what stands beside them', async () => {
    await write(at('archive/acme/12.csv.sealed'));
    await write(at('archive/acme/11.csv'));
    for (const beside of ['12.csv.sha256', '12.csv.done', '12.csv.erased.txt', '.leadsync-1.tmp'])
      await write(at('archive/acme', beside));
    await write(at('rejected/acme/ana maría.13.csv.sealed'));
    for (const beside of ['ana maría.13.csv.reason.txt', 'ana maría.13.csv.erased.txt'])
      await write(at('rejected/acme', beside));
    await write(at('rejected/_inbox/no-ending.14.sealed'));
    await write(at('inbox/acme/.taken', sha, 'new.csv'));
    await write(at('inbox/acme/.taken', `${sha}.rejected-15`, 'bad.csv'));
    await write(at('inbox/acme/.taken', `${sha}.archived-16`, 'read.csv'));
    await write(at('inbox/acme/.taken/.late', `${sha}-1-2-3`, 'new.csv'));
    await write(at('inbox/acme/arriving.csv'));
    const found = await Array.fromAsync(kept.list());
    expect(
      found
        .map(({ place, partner, fileId, name, isOnItsWay }) =>
          [place, partner, fileId ?? '-', name, ...(isOnItsWay ? ['on its way'] : [])].join(' '),
        )
        .toSorted(),
    ).toEqual([
      'archive acme 11 11.csv',
      'archive acme 12 12.csv.sealed',
      'claimed acme - new.csv',
      'claimed acme 15 bad.csv on its way',
      'claimed acme 16 read.csv on its way',
      'late acme - new.csv',
      'rejected _inbox 14 no-ending.14.sealed',
      'rejected acme 13 ana maría.13.csv.sealed',
    ]);
    expect(found.filter(({ fileId }) => fileId === null).map(({ sha256 }) => sha256)).toEqual([sha, sha]);
  });

  it.each([
    ['utf-8', '\uFEFF', 'utf8', '\r\n', '1.csv'],
    ['utf-8', '\uFEFF', 'utf8', '\r\n', '1.csv.sealed'],
    ['windows-1252', '', 'latin1', '\n', '1.csv.sealed'],
    ['utf-16le', '\uFEFF', 'utf16le', '\r\n', '1.csv.sealed'],
    ['utf-16be', '\uFEFF', 'utf16be', '\r', '1.csv.sealed'],
  ])(
    'are blanked in place in %s, plain or sealed: other records stay where they are, to the byte',
    async (_, mark, encoding, lineBreak, name) => {
      const lines = ['ID;Nombre', '1;Íñigo', '2;"Ana\nInventada"', '3;José', '4;Última'];
      const text = Buffer.from(
        mark + lines.join(lineBreak),
        encoding === 'utf16be' ? 'utf16le' : (encoding as BufferEncoding),
      );
      const path = await write(at('archive/acme', name), encoding === 'utf16be' ? text.swap16() : text);
      await chmod(path, 0o600);
      const readRecords = async () => {
        const opened = await createCsvRecordReader({ ...bytes, mark: fileBytes.mark }).open(
          path,
          { match: '*', delimiter: ';' },
          limits,
        );
        if ('fault' in opened) throw new Error(opened.fault);
        return { encoding: opened.encoding, records: await Array.fromAsync(opened.records) };
      };
      const before = await readRecords();
      const [, ana, , last] = before.records;
      const stretches = [last, ana].map((record) => ({ at: record?.at ?? 0, next: record?.next ?? 0 }));
      let placed = '';
      const bytesPerCharacter = before.encoding.startsWith('utf-16') ? 2 : 1;
      await kept.blank(path, stretches, { bytesPerCharacter, placing: async (sha256) => void (placed = sha256) });
      expect((await readRecords()).records).toEqual([before.records[0], before.records[2]]);
      const blanked = await read(path);
      expect(blanked.length).toBe(text.length);
      expect(createHash('sha256').update(blanked).digest('hex')).toBe(placed);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readdir(dirname(path))).toEqual([name]);
    },
  );

  it('keep their bytes when the ledger could not be told', async () => {
    const path = await write(at('archive/acme/1.csv.sealed'), 'a;b\n1;2\n');
    const placing = () => Promise.reject(new Error('the ledger is away'));
    await expect(kept.blank(path, [{ at: 4, next: 8 }], { bytesPerCharacter: 1, placing })).rejects.toThrow('away');
    expect((await read(path)).toString()).toBe('a;b\n1;2\n');
    expect(await readdir(dirname(path))).toEqual(['1.csv.sealed']);
  });

  it('blank the first record where it stands in the place of a header, and leave the mark of the encoding', async () => {
    const path = await write(at('rejected/acme/x.1.csv.sealed'), '\uFEFFAna;1\nLuis;2\n');
    await kept.blank(path, [{ at: 0, next: 9 }], { bytesPerCharacter: 1 });
    expect((await read(path)).toString()).toBe('\uFEFF     \nLuis;2\n');
  });

  it('know what was issued about a file by its id, whatever it was called', async () => {
    const names = [
      'old.csv.7.results.csv',
      'new.csv.7.results.v2.csv',
      'new.csv.7.manifest.json',
      'other.csv.17.results.csv',
    ];
    for (const name of names) await write(at('outbox/acme', name));
    await write(at('outbox/acme/old.csv.received.json'), JSON.stringify({ fileId: '7' }));
    await write(at('outbox/acme/other.csv.received.json'), JSON.stringify({ fileId: '17' }));
    const found = await kept.issuedOf('acme', '7', 'new.csv');
    const told = found.map(({ what, version, isUnderName }) => `${what} ${version ?? '-'} ${isUnderName}`);
    expect(told.toSorted()).toEqual(['manifest - true', 'receipt - false', 'result - false', 'result 2 true']);
    const [older] = found.filter(({ version }) => version === 2);
    if (older !== undefined) await kept.renameIssued(older, 'erased.csv');
    expect(await readdir(at('outbox/acme'))).toContain('erased.csv.7.results.v2.csv');
  });

  it('take another name with what stands beside them, and leave no checksum file that has the old one', async () => {
    await write(at('rejected/acme/Ana.9.csv.sealed'));
    for (const beside of ['reason.txt', 'erased.txt', 'sha256']) await write(at(`rejected/acme/Ana.9.csv.${beside}`));
    const [file] = await Array.fromAsync(kept.list());
    if (file !== undefined) await kept.rename(file, 'erased.csv');
    expect((await readdir(at('rejected/acme'))).toSorted()).toEqual([
      'erased.9.csv.erased.txt',
      'erased.9.csv.reason.txt',
      'erased.9.csv.sealed',
    ]);
  });
});
