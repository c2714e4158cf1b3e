import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cellNames } from '../cells.ts';
import { mutate } from './copy.ts';
import { mutants } from './mutants.ts';

const checkout = join(import.meta.dirname, '..', '..', '..');

/** `npm run test:chaos -- --mutants` plays them; whether each edit still fits is asked at every run of the tests. */
describe('a safeguard that is taken out', () => {
  it.each(mutants)('$name: its text stands once in $path', async (mutant) => {
    const text = await readFile(join(checkout, mutant.path), 'utf8');
    expect(mutate(text, mutant)).not.toBe(text);
  });

  it.each(mutants)('$name: has a witness that exists', async ({ witness }) => {
    if (witness.kind === 'chaos') expect(cellNames).toContain(witness.cell);
    if (witness.kind === 'tests')
      for (const file of witness.files) expect(await readFile(join(checkout, file), 'utf8')).toContain('expect(');
  });

  it('is never taken out of a text that has changed', () => {
    const [mutant] = mutants;
    if (mutant === undefined) throw new Error('no mutant');
    expect(() => mutate('something else', mutant)).toThrow(/stands 0 times/);
  });
});
