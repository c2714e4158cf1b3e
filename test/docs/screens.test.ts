import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');
const mostBytes = 150_000;

it('shows in docs/console.md every picture of docs/screens, and no other; none is large', () => {
  const text = readFileSync(join(docs, 'console.md'), 'utf8');
  const shown = new Set([...text.matchAll(/screens\/([\w-]+\.png)/g)].map(([, name = '']) => name));
  const drawn = readdirSync(join(docs, 'screens'));
  // A page that is linked to at 1280 pixels has its picture of a phone beside it.
  const known = [...shown, ...[...shown].map((name) => name.replace('-1280.png', '-400.png'))];
  expect(drawn.filter((name) => !known.includes(name))).toEqual([]);
  expect([...shown].filter((name) => !drawn.includes(name))).toEqual([]);
  expect(drawn.filter((name) => statSync(join(docs, 'screens', name)).size > mostBytes)).toEqual([]);
});
