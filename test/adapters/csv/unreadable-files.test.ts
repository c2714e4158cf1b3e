import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { generous, openFile } from './a-file.ts';

const header = 'ID,Nombre,Tel\n';
const xlsx = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.from('....[Content_Types].xml')]);
const filled = Buffer.from(`${header}1,Ana,600\n`);

describe('a file that cannot be read as a whole', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['no bytes', '', 'FILE_EMPTY'],
    ['blank lines', '\n\r\n  \n', 'FILE_EMPTY'],
    ['a byte order mark', '\uFEFF', 'FILE_EMPTY'],
    ['a header', header, 'FILE_NO_ROWS'],
    ['a header and empty rows', `${header},,\n\n`, 'FILE_NO_ROWS'],
    ['a spreadsheet', xlsx, 'FILE_NOT_CSV'],
    ['a PDF', '%PDF-1.7\n', 'FILE_NOT_CSV'],
    ['a web page', '<!DOCTYPE html><html></html>', 'FILE_NOT_CSV'],
    ['a broken header', 'ID,Nom"bre,Tel\n1,2,3\n', 'FILE_HEADER_UNREADABLE'],
    ['a header with an open quote', `ID,"Nombre,Tel\n${'1,2,3\n'.repeat(300_000)}`, 'FILE_HEADER_UNREADABLE'],
    ['bytes that are no text', Buffer.from('ID,Nombre\n1,Jos\u0081\n', 'latin1'), 'FILE_ENCODING_UNREADABLE'],
    ['zeros at its end', Buffer.concat([filled, Buffer.alloc(500)]), 'FILE_ENCODING_UNREADABLE'],
    ['a hole in it', Buffer.concat([filled, Buffer.alloc(500), filled]), 'FILE_ENCODING_UNREADABLE'],
    [
      'half a character at its end',
      Buffer.from(`\uFEFF${header}1,Ana,600\n`, 'utf16le').subarray(0, -1),
      'FILE_ENCODING_UNREADABLE',
    ],
    [
      'accents of another encoding',
      iconv.encode('ID,Nombre\n1,José Gálvez\n2,Tomás Peña\n', 'macintosh'),
      'FILE_ENCODING_DOUBTFUL',
    ],
  ])('is refused with %s', async (_, content, fault) => {
    expect(await openFile(content)).toMatchObject({ fault });
  });

  it('names the format it found', async () => {
    expect(await openFile(xlsx)).toMatchObject({ detail: { found: 'XLSX' } });
  });

  it('is refused over its limits, and not one row below them', async () => {
    const three = `${header}1,"Ana\nB",600\n2,Eva,601\n3,Luz,602\n`;
    expect(await openFile(three, {}, { ...generous, maxRows: 2 })).toEqual({
      fault: 'FILE_TOO_LARGE',
      detail: { maxRows: 2 },
    });
    expect(await openFile(three, {}, { ...generous, maxRows: 3 })).toMatchObject({ delimiter: ',' });
    expect(await openFile(three, {}, { ...generous, maxBytes: 20 })).toEqual({
      fault: 'FILE_TOO_LARGE',
      detail: { maxBytes: 20 },
    });
  });

  it('is refused when the config names an encoding that its bytes are not in', async () => {
    const bytes = iconv.encode('ID,Nombre\n1,José\n', 'win1252');
    expect(await openFile(bytes, { encoding: 'utf-8' })).toEqual({
      fault: 'FILE_ENCODING_UNREADABLE',
      detail: { encoding: 'utf-8' },
    });
    expect(await openFile(bytes, { encoding: 'klingon' })).toMatchObject({ fault: 'FILE_ENCODING_UNREADABLE' });
  });
});

describe('a zero byte among text', () => {
  it('is left to the row that has it', async () => {
    expect(await openFile(`${header}1,Jos\0e,600\n`)).toMatchObject({ encoding: 'utf-8' });
  });
});
