import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let example: ExampleLedger;
let ids: readonly string[];

beforeAll(async () => {
  example = await exampleLedger('cli deliveries');
  const { deliveries } = example.opened;
  await deliveries.endNight('2026-11-24', { night: '2026-11-24' }, targets, 'leader');
  const claimed = await deliveries.claimDue(['webhook', 'file'], 10);
  for (const one of claimed) {
    if (one.channel === 'file') await deliveries.delivered(one, null);
    else
      await deliveries.failed(
        one,
        { code: 'DELIVERY_REFUSED', httpStatus: 403, delayMs: 60_000, stop: true },
        'leader',
      );
  }
  ids = (await deliveries.deliveries({ limit: 10 })).map(({ id }) => id);
});
afterAll(() => example.close());

const targets = [
  { channel: 'file', recipient: null },
  { channel: 'webhook', recipient: 'acme' },
  { channel: 'email', recipient: null },
] as const;

const run = (...args: string[]) => runCommand(['deliveries', ...args], { opened: example.opened });

describe('leadsync deliveries', () => {
  it('says what has arrived, what waits, and why', async () => {
    const { stdout, code } = await run();
    expect(code).toBe(0);
    const lines = stdout.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines[1]).toMatch(/^3 .* night 2026-11-24 email to ops on its way$/);
    expect(lines[2]).toMatch(/^2 .* night 2026-11-24 webhook to acme tried 1 time$/);
    expect(lines[3]).toMatch(/^DELIVERY_REFUSED \(403\): The receiver refused/);
    expect(lines.at(-1)).toMatch(/^1 .* night 2026-11-24 file to ops delivered$/);
  });

  it('is filtered by partner, night, file and state', async () => {
    const found = async (...args: string[]) =>
      (JSON.parse((await run('--json', ...args)).stdout) as { id: string }[]).map(({ id }) => id);
    expect(await found()).toEqual(ids);
    expect(await found('--partner', 'acme')).toEqual(['2']);
    expect(await found('--state', 'delivered')).toEqual(['1']);
    expect(await found('--night', '2026-11-23')).toEqual([]);
    expect(await found('--file', '1')).toEqual([]);
    expect(await found('--limit', '1')).toEqual(['3']);
  });

  it('turns status red while webhooks are stopped, and lets them go on', async () => {
    const status = async () => runCommand(['status'], { opened: example.opened });
    expect((await status()).stdout).toContain('leadsync deliveries --go-on acme --reason "…"');
    expect((await run('--go-on', 'acme', '--reason', 'mended')).stdout).toBe('webhooks to acme go on');
    expect((await run('--go-on', 'acme', '--reason', 'mended')).stdout).toBe('webhooks to acme were not stopped');
    expect((await status()).stdout).not.toContain('--go-on acme');
  });

  it('sends some again', async () => {
    const { stdout } = await run('--again', '1', '2', '--reason', 'they lost them');
    expect(stdout).toBe('delivery 1 goes out again\ndelivery 2 goes out again');
    const again = await example.opened.deliveries.deliveries({ limit: 10, state: 'pending' });
    expect(again.map(({ id, tries }) => [id, tries])).toEqual([
      ['3', 0],
      ['2', 0],
      ['1', 0],
    ]);
  });

  it.each([
    [['--again', '99', '--reason', 'x'], '--again: there is no delivery 99'],
    [['--again', '1'], '--reason: expected why'],
    [['--again', '1', '--go-on', 'acme', '--reason', 'x'], 'expected one of --again, --go-on'],
    [['--reason', 'x'], '--reason: expected --again or --go-on'],
    [['--state', 'lost'], '--state: expected one of pending, delivered, given_up'],
    [['--night', 'monday'], '--night: expected a date'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
