import { createHash } from 'node:crypto';

/**
 * A number from 0 to 1 (not included) that depends on what is given and on nothing else: with the same seed the same
 * calls meet the same fate, in whatever order calls of other orders come between them.
 */
export function draw(...from: readonly (number | string)[]): number {
  const digest = createHash('sha256').update(from.join('/')).digest();
  return digest.readUInt32BE() / 2 ** 32;
}
