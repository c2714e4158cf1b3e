import iconv from 'iconv-lite';
import type { ByteSource } from './file-bytes.ts';
import type { TextEncoding } from './text-encoding.ts';

interface Decoder {
  write(chunk: Buffer): string;
  end(): string | undefined;
}

/** The text of a file from one of its bytes on, chunk by chunk. A character is never cut in two. */
export async function* decodeText(
  source: ByteSource,
  path: string,
  encoding: TextEncoding,
  start: number,
): AsyncGenerator<string> {
  const decoder = decoderOf(encoding);
  for await (const chunk of source.read(path, start)) yield decoder.write(chunk);
  const rest = decoder.end();
  if (rest !== undefined && rest !== '') yield rest;
}

/** The same as UTF-8 bytes, which is what csv-parse works on; a UTF-8 file goes through untouched. */
export async function* readUtf8(
  source: ByteSource,
  path: string,
  encoding: TextEncoding,
  start: number,
): AsyncGenerator<Buffer> {
  if (encoding.layout === 'utf-8') {
    yield* source.read(path, start);
    return;
  }
  for await (const text of decodeText(source, path, encoding, start)) yield Buffer.from(text, 'utf8');
}

function decoderOf(encoding: TextEncoding): Decoder {
  // iconv-lite for the rest: TextDecoder of some Nodes loses the € of Windows-1252.
  return encoding.layout === 'utf-16'
    ? utf16Decoder(encoding.name === 'utf-16be')
    : iconv.getDecoder(encoding.name, { stripBOM: false });
}

/** iconv-lite's and Node's own cut an emoji in two where a chunk ends inside it. */
function utf16Decoder(isBigEndian: boolean): Decoder {
  let rest: Buffer = Buffer.alloc(0);
  return {
    write(chunk) {
      const bytes = Buffer.concat([rest, chunk]);
      const even = bytes.length & ~1;
      const isHalf = even > 0 && isHighSurrogate(bytes[isBigEndian ? even - 2 : even - 1] ?? 0);
      const whole = isHalf ? even - 2 : even;
      rest = bytes.subarray(whole);
      return decode(bytes.subarray(0, whole), isBigEndian);
    },
    // A half that stays one becomes a replacement character; an odd byte is refused when the file is opened.
    end: () => decode(rest.subarray(0, rest.length & ~1), isBigEndian),
  };
}

function decode(bytes: Buffer, isBigEndian: boolean): string {
  return (isBigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
}

function isHighSurrogate(upperByte: number): boolean {
  return upperByte >= 0xd8 && upperByte <= 0xdb;
}
