import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variables } from '../../src/config/variables.ts';
import { type Fault, faults, isFaultCode } from '../../src/domain/faults.ts';

const root = join(import.meta.dirname, '../..');
const path = join(root, 'docs/faults.md');
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

/** What a text calls by the name of a code, without the settings that begin alike. */
function codesIn(text: string): readonly string[] {
  // API_KEY stands for a key of whoever copies an example of the sandbox's portal.
  const settings = new Set<string>(['API_KEY', ...variables.flatMap(({ name }) => [name, `${name}_FILE`])]);
  const named = text.matchAll(/(?<![\w.])(?:ROW|FILE|API|CONFIG|SPOOL|LEDGER|USAGE|DELIVERY|CONSOLE)_[A-Z_]*[A-Z]\b/g);
  return [...named].map(([code]) => code).filter((code) => !settings.has(code));
}

const below = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

describe('every code', () => {
  it('that the source names is in the registry, and so in docs/faults.md', () => {
    const unknown = [...below('src', '.ts'), ...below('jobs', '.ts')].flatMap((name) =>
      codesIn(readFileSync(join(root, name), 'utf8'))
        .filter((code) => !isFaultCode(code))
        .map((code) => `${name}: ${code}`),
    );
    expect(unknown).toEqual([]);
  });

  it('that a document names is in the registry', () => {
    const unknown = ['README.md', ...below('docs', '.md')].flatMap((name) =>
      codesIn(readFileSync(join(root, name), 'utf8'))
        .filter((code) => !isFaultCode(code))
        .map((code) => `${name}: ${code}`),
    );
    expect(unknown).toEqual([]);
  });

  it('says what it means and what to do', () => {
    for (const [code, { means, then }] of Object.entries<Fault>(faults))
      expect([code, means.length > 10, then.length > 5]).toEqual([code, true, true]);
  });
});

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
});
