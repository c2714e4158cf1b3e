import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nightOf } from '../../src/domain/night.ts';
import { runCommand } from '../cli/a-cli.ts';
import { exampleLedger, type ExampleLedger } from '../cli/a-ledger.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/json.md'), 'utf8');

let example: ExampleLedger;
beforeAll(async () => {
  example = await exampleLedger('docs json');
  const tonight = nightOf(new Date(), 'Europe/Madrid');
  await example.opened.deliveries.endNight(tonight, {}, [{ channel: 'email', recipient: null }], 'test');
  await example.opened.ledger.pause('acme', { actor: 'cli:test', reason: 'a test' });
  const act = { actor: 'cli:test', reason: 'known' };
  await example.opened.alarms.acknowledge({ alarm: 'pause:acme', level: 1 }, new Date(Date.now() + 3_600_000), act);
});
afterAll(() => example.close());

/** `leadsync rows --json` to the paths that its table names; those of "A row" where it says so. */
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

describe('docs/json.md', () => {
  it.each<[string, (fileId: string) => readonly string[]]>([
    ['`leadsync status --json`', () => ['status']],
    ['`leadsync report --json`', () => ['report', '--night', nightOf(new Date(), 'Europe/Madrid')]],
    ['`leadsync ack --json`', () => ['ack']],
    ['`leadsync rows --json`', () => ['rows']],
    ['`leadsync lead --json`', () => ['lead', 'CRM-1']],
    ['`leadsync in-doubt --json`', () => ['in-doubt']],
    ['`leadsync replay --json`', () => ['replay', '--state', 'failed', '--reason', 'a test']],
    ['`leadsync replay --list --json`', () => ['replay', '--list']],
    ['`leadsync cancel --json`', () => ['cancel', '--state', 'failed', '--dry-run']],
    ['`leadsync file --json`', (fileId) => ['file', fileId, '--hold', '--reason', 'a test']],
    ['`leadsync breaker --json`', () => ['breaker']],
    ['`leadsync deliveries --json`', () => ['deliveries']],
    ['`leadsync audit verify --json`', () => ['audit', 'verify']],
    ['`leadsync erase --list --json`', () => ['erase', '--list']],
  ])('names each field of %s, and no other', async (heading, args) => {
    const { stdout } = await runCommand([...args(example.fileId), '--json'], { opened: example.opened });
    const printed = JSON.parse(stdout) as unknown;
    const leaves = Array.isArray(printed) ? printed.flatMap((one) => leavesOf(one, '')) : leavesOf(printed, '');
    const paths = documented(heading);
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
