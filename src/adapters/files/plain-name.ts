import { basename } from 'node:path';

const maxBytes = 255;
const keptTail = 120;

/**
 * A name that stays in its folder, short enough for a file system. Partners choose names, so every path is built through
 * here. Too long: characters in front of its last 120 bytes are left out, since ours (file id, kind) stand at the end.
 */
export function plainName(name: string): string {
  if (name === '' || name === '.' || name === '..' || name.includes('\0') || basename(name) !== name) {
    // The name itself may be personal.
    throw new Error('a file name that leads out of its folder');
  }
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const characters = [...name];
  const tail = takeWhileBytes(characters.toReversed(), keptTail).toReversed().join('');
  const head = takeWhileBytes(characters, maxBytes - Buffer.byteLength(tail)).join('');
  return head + tail;
}

function takeWhileBytes(characters: readonly string[], max: number): readonly string[] {
  let bytes = 0;
  const end = characters.findIndex((character) => (bytes += Buffer.byteLength(character)) > max);
  return end === -1 ? characters : characters.slice(0, end);
}
