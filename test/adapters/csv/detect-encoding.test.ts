import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { detectEncoding } from '../../../src/adapters/csv/detect-encoding.ts';
import { fileBytes } from '../../../src/adapters/csv/file-bytes.ts';
import { aFile } from './a-file.ts';

async function detect(bytes: Buffer, configured?: string) {
  return detectEncoding(fileBytes, await aFile(bytes), bytes.subarray(0, 4096), configured);
}

const spanish = 'ID;Nombre\r\n1;José Muñoz “el Niño” – 5 €\r\n';

describe('detectEncoding', () => {
  it.each([
    ['utf-8', 'utf-8', false, 0, 'valid_utf8', 'high'],
    ['utf-8', 'utf-8', true, 3, 'byte_order_mark', 'certain'],
    ['win1252', 'windows-1252', false, 0, 'fallback', 'high'],
    ['utf-16le', 'utf-16le', true, 2, 'byte_order_mark', 'certain'],
    ['utf-16be', 'utf-16be', true, 2, 'byte_order_mark', 'certain'],
    ['utf-16le', 'utf-16le', false, 0, 'zero_bytes', 'high'],
    ['utf-16be', 'utf-16be', false, 0, 'zero_bytes', 'high'],
  ])('tells %s as %s, and why', async (codec, encoding, addBOM, textStart, why, confidence) => {
    expect(await detect(iconv.encode(spanish, codec, { addBOM }))).toMatchObject({
      finding: { encoding, why, confidence },
      textStart,
    });
  });

  it('takes plain ASCII for UTF-8', async () => {
    expect(await detect(Buffer.from('a;b\n1;2\n'))).toMatchObject({
      finding: { encoding: 'utf-8', why: 'ascii', confidence: 'certain' },
      lines: 3,
    });
  });

  it('believes the config', async () => {
    expect(await detect(iconv.encode('a;€\n', 'iso-8859-15'), 'ISO-8859-15')).toMatchObject({
      finding: { encoding: 'iso-8859-15', why: 'config', confidence: 'certain' },
    });
    expect(await detect(iconv.encode(spanish, 'win1252'), 'CP1252')).toMatchObject({
      finding: { encoding: 'windows-1252' },
    });
  });

  it.each(['utf-16le', 'utf-16be'])(
    'lets the bytes say in which order the UTF-16 of the config is: %s',
    async (codec) => {
      for (const addBOM of [true, false]) {
        expect(await detect(iconv.encode(spanish, codec, { addBOM }), 'UTF-16')).toMatchObject({
          finding: { encoding: codec, why: 'config' },
        });
      }
    },
  );

  it('passes over a byte order mark that stands twice', async () => {
    expect(await detect(Buffer.from('\uFEFF\uFEFFa;b\n'))).toMatchObject({ textStart: 6 });
  });

  it('knows UTF-16 without a mark by its zeros though a letter has one on the other side', async () => {
    const text = `ID;Nombre\n${'1;Ana\n'.repeat(100)}2;Ānna\n`;
    expect(await detect(iconv.encode(text, 'utf-16le', { addBOM: false }))).toMatchObject({
      finding: { encoding: 'utf-16le' },
    });
  });

  it('is not misled by a character that lies across two chunks', async () => {
    const bytes = Buffer.from('ñ'.repeat((1 << 20) - 100) + 'x' + '😀€ñ'.repeat(1000));
    expect(await detect(bytes)).toMatchObject({ finding: { encoding: 'utf-8' } });
    expect(await detect(bytes.subarray(0, -1))).not.toMatchObject({ finding: { encoding: 'utf-8' } });
  });

  it('finds the first accent of a long file', async () => {
    const text = `a;b\n${'1;Ana\n'.repeat(400_000)}2;Núñez\n`;
    expect(await detect(iconv.encode(text, 'win1252'))).toMatchObject({ finding: { encoding: 'windows-1252' } });
  });

  it('counts lines by any line ending, once', async () => {
    expect(await detect(Buffer.from('a\r\nb\rc\nd'))).toMatchObject({ lines: 4 });
    for (const before of [(1 << 18) - 1, (1 << 18) - 2]) {
      expect(await detect(Buffer.from(`${'x'.repeat(before)}\r\ny\n`))).toMatchObject({ lines: 3 });
    }
  });

  it.each([0x81, 0x8d, 0x8f, 0x90, 0x9d])('refuses the byte %i in Windows-1252', async (byte) => {
    expect(await detect(Buffer.from([0x61, 0xf1, byte, 0x62]))).toEqual({
      kind: 'unreadable',
      encoding: 'windows-1252',
    });
  });

  it('refuses the control characters that ISO-8859-1 would make of a euro sign', async () => {
    expect(await detect(iconv.encode('a;5 €\n', 'win1252'), 'iso-8859-1')).toMatchObject({ kind: 'unreadable' });
  });

  it('tells a hole from a damaged character, also across chunks', async () => {
    const hole = (zeros: number): Buffer =>
      Buffer.concat([Buffer.alloc((1 << 18) - 8, 'x'), Buffer.alloc(zeros), Buffer.from('x')]);
    expect(await detect(hole(15))).toMatchObject({ kind: 'encoding' });
    expect(await detect(hole(16))).toMatchObject({ kind: 'unreadable' });
  });
});

describe('a text whose accents come out wrong', () => {
  const names = 'ID;Nombre\n1;José Peña\n2;Tomás Núñez\n3;Andrés Gálvez\n';
  const twice = iconv.encode(iconv.decode(Buffer.from(names), 'win1252'), 'utf-8');

  it.each<[string, Buffer, string]>([
    ['UTF-8 encoded twice', twice, 'UTF-8 encoded twice'],
    ['cp850', iconv.encode(names, 'cp850'), 'cp850'],
    ['macintosh', iconv.encode(names, 'macintosh'), 'macintosh'],
  ])('is doubtful: %s', async (_, bytes, lookalike) => {
    expect(await detect(bytes)).toMatchObject({ kind: 'doubtful', lookalike });
  });

  it('is what it is when the config names its encoding', async () => {
    expect(await detect(iconv.encode(names, 'cp850'), 'cp850')).toMatchObject({ finding: { encoding: 'cp850' } });
    expect(await detect(twice, 'utf-8')).toMatchObject({ finding: { encoding: 'utf-8' } });
  });

  it('is a matter of its rows where it is a few', async () => {
    expect(await detect(Buffer.from('ID;Nombre\n1;JosÃ©\n2;PeÃ±a\n3;Ana\n'))).toMatchObject({
      finding: { encoding: 'utf-8', confidence: 'low' },
    });
  });

  it('is flagged where most of it is right', async () => {
    const mixed = `${names}3;Luz GarcÃ­a\n4;Ángel Ibáñez\n`;
    expect(await detect(Buffer.from(mixed))).toMatchObject({ finding: { encoding: 'utf-8', confidence: 'low' } });
    const pasted = Buffer.concat([iconv.encode(names, 'win1252'), Buffer.from('3;García\n')]);
    expect(await detect(pasted)).toMatchObject({ finding: { encoding: 'windows-1252', confidence: 'low' } });
  });

  it.each([
    '5 € – “x” 12 £; ¡hola!',
    'today—tomorrow, this–that, one—two; left—right',
    'O’Donnell; Málaga–Cádiz; l’Hospitalet',
    'JOÃO; SÃO PAULO; Übeda; 2ª planta, 3º',
  ])('is not %s', async (text) => {
    expect(await detect(iconv.encode(text, 'win1252'))).toMatchObject({ kind: 'encoding' });
    expect(await detect(Buffer.from(text))).toMatchObject({ kind: 'encoding' });
  });
});
