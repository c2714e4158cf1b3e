import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';

const parts = ['src', 'jobs', 'test', 'fixtures', 'docs', 'package.json', 'tsconfig.json'];

/** A copy of the checkout in which one safeguard is missing. The checkout itself is never touched. */
export async function copyWithout(checkout: string, copy: string, mutant: Mutant): Promise<void> {
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  for (const part of parts) await cp(join(checkout, part), join(copy, part), { recursive: true });
  await symlink(join(checkout, 'node_modules'), join(copy, 'node_modules'));
  const path = join(copy, mutant.path);
  await writeFile(path, mutate(await readFile(path, 'utf8'), mutant));
}

export function mutate(text: string, { name, path, before, after }: Mutant): string {
  const times = text.split(before).length - 1;
  if (times !== 1) throw new Error(`${name}: the text to replace stands ${times} times in ${path}`);
  return text.replace(before, () => after);
}
