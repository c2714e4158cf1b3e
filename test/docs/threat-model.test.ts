import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const checkout = join(import.meta.dirname, '../..');
const document = readFileSync(join(checkout, 'docs/threat-model.md'), 'utf8');

it('names for each threat a test that is there', () => {
  const threats = document
    .split('\n## ')
    .filter((section) => section.startsWith('From '))
    .flatMap((section) => section.split('\n').filter((line) => line.startsWith('| ')))
    .filter((line) => !/^\| (threat|---) /.test(line));
  expect(threats.length).toBeGreaterThan(20);
  const testsOf = (line: string): string[] => [...line.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);
  expect(threats.filter((line) => testsOf(line).length === 0)).toEqual([]);
  expect(threats.flatMap(testsOf).filter((path) => !existsSync(join(checkout, path)))).toEqual([]);
});
