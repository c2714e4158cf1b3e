import { createReadStream } from 'node:fs';
import iconv from 'iconv-lite';

const chunkBytes = 256 * 1024;

/** The text of a file, chunk by chunk. By iconv-lite: TextDecoder of some Nodes loses the € of Windows-1252. */
export async function* decodeText(path: string, encoding: string, bomBytes: number): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding, { stripBOM: false });
  for await (const chunk of createReadStream(path, {
    start: bomBytes,
    highWaterMark: chunkBytes,
  }) as AsyncIterable<Buffer>) {
    yield decoder.write(chunk);
  }
  const rest = decoder.end();
  if (rest !== undefined && rest !== '') yield rest;
}

/** The same as UTF-8 bytes, which is what csv-parse works on; a UTF-8 file goes through untouched. */
export async function* readUtf8(path: string, encoding: string, bomBytes: number): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') {
    yield* createReadStream(path, { start: bomBytes, highWaterMark: chunkBytes }) as AsyncIterable<Buffer>;
    return;
  }
  for await (const text of decodeText(path, encoding, bomBytes)) yield Buffer.from(text, 'utf8');
}
