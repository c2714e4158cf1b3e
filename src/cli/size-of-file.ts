import { stat } from 'node:fs/promises';
import { UsageFault } from './usage-fault.ts';

/** The size of a file that a person named, in bytes. Throws a UsageFault for anything that can't be read as one. */
export async function sizeOfFile(option: string, path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() === true) return found.size;
  const got = found === null ? 'nothing' : 'something else';
  throw new UsageFault(`${option}: expected a file that can be read, found ${got} there`);
}
