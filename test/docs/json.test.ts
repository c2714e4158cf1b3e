import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nightOf } from '../../src/domain/night.ts';
import { runCommand } from '../cli/a-cli.ts';
import { exampleLedger, type ExampleLedger } from '../cli/a-ledger.ts';
import { commandsWith, jsonExamples, type JsonExamples } from './json-examples.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/json.md'), 'utf8');

let example: ExampleLedger;
let more: JsonExamples;
beforeAll(async () => {
  [example, more] = await Promise.all([exampleLedger('docs json'), jsonExamples()]);
  const tonight = nightOf(new Date(), 'Europe/Madrid');
  await example.opened.deliveries.endNight(tonight, {}, [{ channel: 'email', recipient: null }], 'test');
  await example.opened.ledger.pause('acme', { actor: 'cli:test', reason: 'a test' });
  const act = { actor: 'cli:test', reason: 'known' };
  await example.opened.alarms.acknowledge({ alarm: 'pause:acme', level: 1 }, new Date(Date.now() + 3_600_000), act);
});
afterAll(() => Promise.all([example.close(), more.close()]));

/** The paths that the table of a section names; those of "A row" where it says so. */
function documented(heading: string): readonly string[] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0];
  if (section === undefined) throw new Error(`no section "${heading}"`);
  const cells = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.split('|')[1] ?? '');
  return cells.flatMap((cell) =>
    cell.trim() === '*a row*' ? documented('A row') : [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
  );
}

interface Leaf {
  readonly path: string;
  /** null, [] or {}: what may stand below it can't be seen. */
  readonly isEmpty: boolean;
}

function leavesOf(value: unknown, path: string): readonly Leaf[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [{ path, isEmpty: true }];
    // What the list itself is called, where its members are no objects.
    return value.flatMap((one) => leavesOf(one, typeof one === 'object' ? `${path}[]` : path));
  }
  if (typeof value !== 'object' || value === null) return [{ path, isEmpty: value === null }];
  const parts = Object.entries(value);
  if (parts.length === 0) return [{ path, isEmpty: true }];
  return parts.flatMap(([name, part]) => leavesOf(part, path === '' ? name : `${path}.${name}`));
}

const asPattern = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll('[]', '\\[\\]').replaceAll('*', '.+')}$`);

interface Shown {
  /** Of the section that says what is printed. */
  readonly heading: string;
  /** Runs the command; answers what it prints. */
  run(): Promise<string>;
}

/** On the ledger of the file, which the order of these changes. */
function onExample(heading: string, ...args: string[]): Shown {
  return {
    heading,
    run: async () => (await runCommand([...args, '--json'], { opened: example.opened })).stdout,
  };
}

/** In an installation of its own, where more is there to be told of. */
function onMore(heading: string, args: (the: JsonExamples) => readonly string[]): Shown {
  return { heading, run: async () => more.run([...args(more), '--json']) };
}

const because = ['--reason', 'a test'] as const;

const sections: readonly Shown[] = [
  onExample('status', 'status'),
  onExample('report', 'report', '--night', nightOf(new Date(), 'Europe/Madrid')),
  onExample('ack', 'ack'),
  onExample('rows', 'rows'),
  onExample('lead', 'lead', 'CRM-1'),
  onExample('in-doubt', 'in-doubt'),
  onExample('replay', 'replay', '--state', 'failed', ...because),
  onExample('replay --list', 'replay', '--list'),
  onExample('cancel', 'cancel', '--state', 'failed', '--dry-run'),
  onExample('file', 'file', '1', '--hold', ...because),
  onExample('breaker', 'breaker'),
  onExample('deliveries', 'deliveries'),
  onExample('audit verify', 'audit', 'verify'),
  onExample('erase --list', 'erase', '--list'),
  onMore('partner list', () => ['partner', 'list']),
  onMore('partner check', ({ file }) => ['partner', 'check', 'acme', '--file', file('hubspot-leads.csv')]),
  onMore('partner check of a file that would be turned away', ({ file }) => [
    'partner',
    'check',
    'acme',
    '--kind',
    'leads',
    '--file',
    file('strange.csv'),
  ]),
  onMore('erase', () => ['erase', '--nif', '-', '--dry-run']),
  onMore('reconcile', ({ file }) => ['reconcile', file('listing.csv'), '--as-of', '0s', ...because]),
  onMore('file --save-as', ({ file }) => ['file', '1', '--save-as', file('out.csv'), ...because]),
  onMore('file --cancel', () => ['file', '1', '--cancel', ...because]),
  onMore('file --reread', () => ['file', '1', '--reread', '--yes', ...because]),
  onMore('retention', () => ['retention']),
  onMore('retention run', () => ['retention', 'run', ...because]),
  onMore('key rotate', () => ['key', 'rotate', ...because]),
  onMore('console-token list', () => ['console-token', 'list']),
  onMore('doctor', () => ['doctor']),
  onMore('doctor --api', () => ['doctor', '--api']),
  onMore('sandbox --list-scenarios', () => ['sandbox', '--list-scenarios']),
];

/** `leadsync file --cancel --json` and what follows, as "file --cancel". */
const headings = [...text.matchAll(/^## (`leadsync .+)$/gm)].map(([, heading = '']) => heading);
const nameOf = (heading: string): string => heading.replace(/`leadsync (.+?) --json`/, '$1');

describe('docs/json.md', () => {
  it('has a section for each command that prints JSON', () => {
    const printing = commandsWith('--json');
    expect(printing.length).toBeGreaterThan(15);
    const described = headings.map((heading) => nameOf(heading).replace(/ (?:--|of ).*/, ''));
    expect(printing.filter((name) => !described.includes(name))).toEqual([]);
  });

  it('has no section that is not compared with what is printed', () => {
    expect(headings.map(nameOf).toSorted()).toEqual(sections.map(({ heading }) => heading).toSorted());
  });

  it.each(sections)('names each field of `$heading`, and no other', async ({ heading, run }) => {
    const printed = JSON.parse(await run()) as unknown;
    const leaves = Array.isArray(printed) ? printed.flatMap((one) => leavesOf(one, '')) : leavesOf(printed, '');
    const paths = documented(headings.find((one) => nameOf(one) === heading) ?? heading);
    const patterns = paths.map(asPattern);
    const isNamed = ({ path, isEmpty }: Leaf): boolean =>
      patterns.some((pattern) => pattern.test(path)) ||
      (isEmpty && paths.some((one) => one.startsWith(`${path}.`) || one.startsWith(`${path}[]`)));
    expect(leaves.filter((leaf) => !isNamed(leaf)).map(({ path }) => path)).toEqual([]);

    const isThere = (path: string): boolean =>
      leaves.some((leaf) => asPattern(path).test(leaf.path)) ||
      leaves.some((leaf) => leaf.isEmpty && (path.startsWith(`${leaf.path}.`) || path.startsWith(`${leaf.path}[]`)));
    // An empty listing tells nothing.
    if (leaves.length > 0) expect(paths.filter((path) => !isThere(path))).toEqual([]);
  });
});

describe('exit codes', () => {
  const run = (...args: string[]) => runCommand(args, { opened: example.opened });

  it.each(['status', 'report', 'ack', 'in-doubt'])(
    '%s ends with 1 until somebody knows, and then with 0',
    async (command) => {
      expect((await run(command)).code).toBe(1);
      const { stdout } = await run('ack', '--json');
      const alarms = (JSON.parse(stdout) as { alarm: string; isUrgent: boolean }[]).filter(({ isUrgent }) => isUrgent);
      const act = { actor: 'cli:test', reason: 'known' };
      for (const { alarm } of alarms) {
        await example.opened.alarms.acknowledge({ alarm, level: 100 }, new Date(Date.now() + 60_000), act);
      }
      expect((await run(command)).code).toBe(0);
      for (const { alarm } of alarms) await example.opened.alarms.withdraw(alarm, act);
    },
  );

  it('what is not understood ends with 2, one line on standard error and nothing on standard output', async () => {
    for (const args of [
      ['status', '--jsn'],
      ['rows', '--limit', '0', '--json'],
      ['report', '--night', 'monday', '--json'],
    ]) {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stdout, stderr.split('\n').length]).toEqual([2, '', 1]);
    }
  });
});
