import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { detectEncoding } from '../../../src/adapters/csv/detect-encoding.ts';
import { aFile } from './a-file.ts';

async function detect(bytes: Buffer, configured?: string) {
  return detectEncoding(await aFile(bytes), bytes.subarray(0, 4096), configured);
}

const spanish = 'ID;Nombre\r\n1;José Muñoz “el Niño” – 5 €\r\n';

describe('detectEncoding', () => {
  it.each([
    ['utf-8', 'utf-8', false, 0],
    ['utf-8', 'utf-8', true, 3],
    ['win1252', 'windows-1252', false, 0],
    ['utf-16le', 'utf-16le', true, 2],
    ['utf-16be', 'utf-16be', true, 2],
    ['utf-16le', 'utf-16le', false, 0],
    ['utf-16be', 'utf-16be', false, 0],
  ])('tells %s as %s', async (codec, encoding, addBOM, bomBytes) => {
    expect(await detect(iconv.encode(spanish, codec, { addBOM }))).toMatchObject({
      kind: 'encoding',
      encoding,
      bomBytes,
    });
  });

  it('takes plain ASCII for UTF-8', async () => {
    expect(await detect(Buffer.from('a;b\n1;2\n'))).toMatchObject({ encoding: 'utf-8', lines: 3 });
  });

  it('believes the config', async () => {
    expect(await detect(iconv.encode('a;€\n', 'iso-8859-15'), 'ISO-8859-15')).toMatchObject({
      encoding: 'iso-8859-15',
    });
  });

  it('is not misled by a character that lies across two chunks', async () => {
    const bytes = Buffer.from('ñ'.repeat((1 << 20) - 100) + 'x' + '😀€ñ'.repeat(1000));
    expect(await detect(bytes)).toMatchObject({ encoding: 'utf-8' });
    expect(await detect(bytes.subarray(0, -1))).not.toMatchObject({ encoding: 'utf-8' });
  });

  it('counts lines by any line ending, once', async () => {
    expect(await detect(Buffer.from('a\r\nb\rc\nd'))).toMatchObject({ lines: 4 });
    expect(await detect(Buffer.from(`${'x'.repeat((1 << 20) - 1)}\r\ny\n`))).toMatchObject({ lines: 3 });
  });

  it.each([0x81, 0x8d, 0x8f, 0x90, 0x9d, 0x00])('refuses the byte %i in Windows-1252', async (byte) => {
    expect(await detect(Buffer.from([0x61, 0xf1, byte, 0x62]))).toEqual({
      kind: 'unreadable',
      encoding: 'windows-1252',
    });
  });
});
