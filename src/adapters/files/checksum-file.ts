import { isUtf8 } from 'node:buffer';
import { foldName } from '../../domain/companion-file.ts';

const gnu = /^\\?([0-9a-f]{64})[ \t]+\*?(.+)$/i;
const bsd = /^SHA-?256 ?\((.+)\) ?= ?([0-9a-f]{64})$/i;
const bare = /(?<![0-9a-z])[0-9a-f]{64}(?![0-9a-z])/i;

/**
 * The SHA-256, hex, that a checksum file gives for a file of this name; null when it gives none or two. As sha256sum
 * writes it (`<sum>  name`), as BSD does (`SHA256 (name) = <sum>`), or the sum alone. A single sum counts under whatever
 * name: the file may have been called something else when it was made.
 */
export function checksumIn(content: Buffer, name: string): string | null {
  const entries = textOf(content)
    .split(/[\r\n]+/)
    .map((line) => readLine(line.trim()))
    .filter((entry) => entry !== null);
  const named = entries.filter((entry) => entry.name !== null && foldName(entry.name) === foldName(name));
  const sums = new Set((named.length > 0 ? named : entries).map(({ sum }) => sum.toLowerCase()));
  return sums.size === 1 ? ([...sums][0] ?? null) : null;
}

function readLine(line: string): { readonly sum: string; readonly name: string | null } | null {
  const [, sum, path] = gnu.exec(line) ?? [];
  if (sum !== undefined && path !== undefined) return { sum, name: lastPart(path) };
  const [, otherPath, otherSum] = bsd.exec(line) ?? [];
  if (otherSum !== undefined && otherPath !== undefined) return { sum: otherSum, name: lastPart(otherPath) };
  const [alone] = bare.exec(line) ?? [];
  return alone === undefined ? null : { sum: alone, name: null };
}

/** In the folder where the sum was made, on whatever system. */
function lastPart(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

/** PowerShell's `>` writes UTF-16. */
function textOf(content: Buffer): string {
  if (content.subarray(0, 2).equals(Buffer.from([0xff, 0xfe]))) return content.subarray(2).toString('utf16le');
  const text = content.toString(isUtf8(content) ? 'utf8' : 'latin1');
  return text.replace(/^\uFEFF/, '');
}
