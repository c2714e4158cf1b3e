import { expect, test } from 'vitest';
import { scrub } from '../../src/domain/scrub.ts';

test.each([
  ['NIF 12345678Z exists', 'NIF [NIF] exists'],
  ['NIF 12.345.678-z exists', 'NIF [NIF] exists'],
  ['nie X-1234567-L.', 'nie [NIF].'],
  ['cif b12345678', 'cif [NIF]'],
  ['dni 12345678', 'dni [number]'],
  ['call 600 00 00 01 now', 'call [number] now'],
  ['call +34 600-000-001', 'call [number]'],
  ['call (0034) 600000001', 'call [number]'],
  ['ana.perez+x@example.com: taken', '[e-mail]: taken'],
])('scrubs %s', (message, scrubbed) => {
  expect(scrub(message)).toBe(scrubbed);
});

test.each(['agenteId 0051245 is unknown', 'campaign is longer than 255 characters', 'estado 20', 'Ramo 1, motivo 2'])(
  'leaves %s',
  (message) => {
    expect(scrub(message)).toBe(message);
  },
);

test('keeps 200 characters of one line', () => {
  expect(scrub('a\r\n\u0000b\u2028c')).toBe('a b c');
  expect([...(scrub('ñ'.repeat(500)) ?? '')]).toHaveLength(200);
});

test('has nothing to say about nothing', () => {
  expect(scrub(null)).toBeNull();
  expect(scrub(' \n')).toBeNull();
});
