import { describe, expect, it } from 'vitest';
import { foreignFormatOf } from '../../src/domain/foreign-format.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('foreignFormatOf', () => {
  it.each([
    ['XLSX', latin1('PK\x03\x04\x14\0\x06\0[Content_Types].xml')],
    ['XLSX', latin1('PK\x03\x04\x14\0\0\0xl/workbook.xml')],
    ['ODS', latin1('PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet')],
    ['DOCX', latin1('PK\x03\x04[Content_Types].xml PK\x03\x04word/document.xml')],
    ['ZIP', latin1('PK\x03\x04\x14\0leads.csv')],
    ['ZIP', latin1('PK\x05\x06\0\0\0\0')],
    ['XLS', latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0')],
    ['GZIP', latin1('\x1f\x8b\x08')],
    ['7Z', latin1('7z\xbc\xaf\x27\x1c\0')],
    ['RAR', latin1('Rar!\x1a\x07\x01\0')],
    ['PDF', latin1('%PDF-1.7\n')],
    ['RTF', latin1('{\\rtf1\\ansi')],
    ['PNG', latin1('\x89PNG\r\n\x1a\n')],
    ['JPEG', latin1('\xff\xd8\xff\xe0\0\x10JFIF')],
    ['GIF', latin1('GIF89a')],
    ['TIFF', latin1('II*\0\x08')],
    ['WebP', latin1('RIFF\x24\0\0\0WEBPVP8 ')],
    ['HEIC', latin1('\0\0\0\x18ftypheic')],
    ['PGP', latin1('-----BEGIN PGP MESSAGE-----\n')],
    ['SQLite', latin1('SQLite format 3\0')],
    ['HTML', latin1('\n  <!DOCTYPE html><html>')],
    ['HTML', Buffer.from('\uFEFF<html lang="es">')],
    ['HTML', Buffer.from('\uFEFF<html>', 'utf16le')],
    ['XML', latin1('<?xml version="1.0"?><Workbook>')],
    ['JSON', latin1('[\n  { "id": 1 }')],
    ['JSON', latin1('{"results": []}')],
    ['JSON', latin1('{}')],
  ])('recognises %s', (name, start) => {
    expect(foreignFormatOf(start)).toBe(name);
  });

  it.each([
    'ID;NIF;Nombre\n',
    '"ID";"NIF"\n',
    '[ID],[NIF]\n',
    '{id};{nif}\n',
    'PK;NIF\n',
    'GIF;Nombre\n',
    'BMW;Nombre\n',
    '<id>;<nif>\n',
    '7z;x\n',
    '\n\n',
    '',
  ])('has nothing against %j', (start) => {
    expect(foreignFormatOf(Buffer.from(start))).toBeNull();
    expect(foreignFormatOf(Buffer.from(`\uFEFF${start}`, 'utf16le'))).toBeNull();
  });
});
