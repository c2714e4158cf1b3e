import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');
const widths = [1280, 400];
const mostBytes = 150_000;

it('shows in docs/console.md every picture of docs/screens, and no other; none is large, each page has both widths', () => {
  const text = readFileSync(join(docs, 'console.md'), 'utf8');
  const shown = new Set([...text.matchAll(/screens\/([\w-]+\.png)/g)].map(([, name = '']) => name));
  const drawn = readdirSync(join(docs, 'screens'));
  expect([...shown].toSorted()).toEqual(drawn.toSorted());
  const pages = new Set(drawn.map((name) => name.replace(/-\d+(?:-dark)?\.png$/, '')));
  expect(
    [...pages].flatMap((page) => widths.map((width) => `${page}-${width}.png`)).filter((name) => !shown.has(name)),
  ).toEqual([]);
  expect(drawn.filter((name) => statSync(join(docs, 'screens', name)).size > mostBytes)).toEqual([]);
});
