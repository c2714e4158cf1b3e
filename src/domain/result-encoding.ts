import { encodeWindows1252 } from './windows-1252.ts';

/** How a result file is written. */
export const resultEncodings = ['utf-8', 'utf-8-no-bom', 'windows-1252'] as const;

export type ResultEncoding = (typeof resultEncodings)[number];

/** Excel takes a CSV for UTF-8 only behind a byte order mark. */
const byteOrderMark = '\uFEFF';

/** What stands before the first line. */
export function startOfFile(encoding: ResultEncoding): string {
  return encoding === 'utf-8' ? byteOrderMark : '';
}

/** One piece of a file. Text is written as UTF-8. */
export function encodeText(text: string, encoding: ResultEncoding): string | Uint8Array {
  return encoding === 'windows-1252' ? encodeWindows1252(text) : text;
}
