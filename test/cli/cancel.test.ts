import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand, type Ran } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let example: ExampleLedger;

beforeEach(async () => {
  example = await exampleLedger('cli cancel');
});
afterEach(() => example.close());

function run(...args: string[]): Promise<Ran> {
  return runCommand(['cancel', ...args], { opened: example.opened });
}

describe('leadsync cancel', () => {
  it('shows what would be cancelled, and what can not be with what to do', async () => {
    const { stdout, code } = await run('--partner', 'acme', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 row to be cancelled: .*\n(?:.*\n)+.*lead {2}failed {2}API_KO\n/);
    expect(stdout).toMatch(/1 row in doubt, perhaps arrived: ask the insurer, `leadsync in-doubt/);
    expect(stdout).toMatch(/1 row sent, or given up: tell the insurer/);
    expect(stdout).toMatch(/1 row refused, .*cancelled with `--state rejected`\sonly/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect((await example.row('CRM-3')).state).toBe('failed');
  });

  it('cancels with actor and reason, and nothing twice', async () => {
    const { stdout, code } = await run('--partner', 'acme', '--reason', 'sent by mistake');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\n\n1 row cancelled$/)]);
    const row = await example.row('CRM-3');
    expect(row).toMatchObject({ state: 'cancelled', code: 'ROW_CANCELLED' });
    expect(await example.opened.ledger.history(row.id)).toContainEqual(
      expect.objectContaining({ action: 'row.cancelled', actor: 'cli:test', reason: 'sent by mistake' }),
    );
    expect((await example.row('CRM-2')).state).toBe('in_doubt');
    const again = JSON.parse((await run('--partner', 'acme', '--reason', 'x', '--json')).stdout) as object;
    expect(again).toMatchObject({ cancelled: 0 });
  });

  it('asks a person, and takes no for an answer', async () => {
    const { stderr } = await runCommand(['cancel', '--all', '--reason', 'x'], {
      opened: example.opened,
      isTerminal: true,
      answer: '',
    });
    expect(stderr).toContain('nothing was cancelled');
    expect((await example.row('CRM-3')).state).toBe('failed');
  });

  it.each([
    [['--reason', 'x'], 'error: expected a filter such as --partner, --file or --row, or --all; got none'],
    [['--row', '3'], expect.stringMatching(/^error: --reason: expected why/)],
  ])('refuses %j before it opens anything', async (args, says) => {
    expect(await runCommand(['cancel', ...args])).toMatchObject({ code: 2, stderr: says });
  });
});
