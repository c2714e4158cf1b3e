import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Fault, faults } from '../../src/domain/faults.ts';

const path = join(import.meta.dirname, '../../docs/faults.md');
const begin =
  '<!-- generated from src/domain/faults.ts: npx vitest run --config test/vitest.config.ts test/docs/faults.test.ts -u -->';
const end = '<!-- end -->';

const kinds: Readonly<Record<string, string>> = {
  ROW: 'Rows',
  FILE: 'Files',
  API: 'The Leads API',
  CONFIG: 'Configuration',
  SPOOL: 'The spool',
  LEDGER: 'The ledger',
  USAGE: 'The command line',
  DELIVERY: 'What is told outside',
  CONSOLE: 'The JSON API of the console',
};

/** The part of docs/faults.md that is made from the registry. */
function reference(): string {
  const groups = Map.groupBy(Object.entries<Fault>(faults), ([code]) => code.slice(0, code.indexOf('_')));
  return [...groups].map(([kind, codes]) => `\n## ${kinds[kind]}\n${codes.map(entry).join('')}`).join('');
}

function entry([code, { means, then, partner }]: readonly [string, Fault]): string {
  const told = partner === undefined ? '' : `- The partner reads: “${partner.en}” · “${partner.es}”\n`;
  return `\n### ${code}\n\n${means}\n\n- What to do: ${then}\n${told}`;
}

describe('docs/faults.md', () => {
  it('says of every code what the registry says, and of no other', async () => {
    const text = readFileSync(path, 'utf8');
    const [before, after] = [text.split(begin)[0], text.split(end)[1]];
    expect(after).toBeDefined();
    await expect(`${before}${begin}\n${reference()}\n${end}${after}`).toMatchFileSnapshot(path);
  });

  it('has a heading for every kind of code', () => {
    const prefixes = Object.keys(faults).map((code) => code.slice(0, code.indexOf('_')));
    expect(new Set(prefixes)).toEqual(new Set(Object.keys(kinds)));
  });

  it('names only codes that exist', () => {
    const named =
      readFileSync(path, 'utf8').match(/\b(ROW|FILE|API|CONFIG|SPOOL|LEDGER|USAGE|DELIVERY|CONSOLE)_[A-Z_]*[A-Z]\b/g) ??
      [];
    expect(named.filter((code) => !Object.hasOwn(faults, code) && code !== 'CONSOLE_URL')).toEqual([]);
  });
});
