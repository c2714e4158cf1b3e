import { describe, expect, it } from 'vitest';
import { detectDelimiter } from '../../../src/adapters/csv/detect-delimiter.ts';

function detect(text: string, configured?: string) {
  return detectDelimiter(Buffer.from(text), true, configured);
}

describe('detectDelimiter', () => {
  it.each([
    [';', 'ID;Nombre;Importe\n1;Ana;1.234,56\n2;Eva;0,5\n'],
    [',', 'ID,Nombre,Nota\n1,Ana,"a;b;c"\n2,Eva,"d;e;f"\n'],
    ['\t', 'ID\tNombre, apellidos\n1\tPérez, Ana\n2\tRuiz\n'],
    ['|', 'ID|Nombre\n1|Ana\n'],
    [';', '"Nombre, apellidos";DNI\n"Pérez, Ana";1\n'],
    [';', 'Nombre, apellidos;DNI;Tel\nAna;1;2\nEva, María, Luz;3;4\n'],
    [';', 'Apellidos, nombre;DNI;Tel;CP\nPérez, Ana;1;2;3\nRuiz, Eva;1;2\nGil, Luz;1;2;3;4\n'],
    [';', 'ID;Nombre\n1;Ana\n2;"Eva\n3;Luz\n'],
    [',', 'ID\n1\n'],
  ])('finds %j', (delimiter, text) => {
    expect(detect(text)).toEqual({ delimiter, skipBytes: 0 });
  });

  it('believes the config, then the sep= line, then its own eyes', () => {
    expect(detect('a;b\n1;2\n', ',')).toEqual({ delimiter: ',', skipBytes: 0 });
    expect(detect('sep=|\r\na;b|c\r\n')).toEqual({ delimiter: '|', skipBytes: 7 });
    expect(detect('sep=|\na;b|c\n', ';')).toEqual({ delimiter: ';', skipBytes: 6 });
  });

  it('takes a header that begins with sep for a header', () => {
    expect(detect('sep=a;b\n1;2\n')).toEqual({ delimiter: ';', skipBytes: 0 });
  });
});
