import { expect, it } from 'vitest';
import { encodeWindows1252 } from '../../src/domain/windows-1252.ts';

it('writes what a Windows program reads, each byte it can write', () => {
  // The five that Windows-1252 leaves empty are C1 controls to a decoder.
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter(
    (byte) => ![0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte),
  );
  expect(encodeWindows1252(new TextDecoder('windows-1252').decode(bytes))).toEqual(bytes);
});

it('puts one question mark for a character that it lacks', () => {
  const text = new TextDecoder('windows-1252').decode(encodeWindows1252('Łukasz 🙂 Peña 10 €'));
  expect(text).toBe('?ukasz ? Peña 10 €');
});

it('has a letter for an accent that was written apart', () => {
  expect([...encodeWindows1252('n\u0303')]).toEqual([0xf1]);
});
