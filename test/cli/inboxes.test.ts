import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let the: ExampleLedger;

beforeAll(async () => {
  the = await exampleLedger('cli inboxes');
  const { ledger } = the.opened;
  await ledger.enrol({ id: 'intake-1', host: 'test', pid: 1, roles: ['intake'] });
  await ledger.noteInboxes('intake-1', [
    { partner: 'acme', arriving: 2, arrivingForMs: 45 * 60_000, passedOver: 3, stuck: 0, trouble: null },
    { partner: 'norte', arriving: 0, arrivingForMs: 0, passedOver: 0, stuck: 1, trouble: 'EROFS' },
  ]);
});
afterAll(() => the.close());

it('status shows what lies in the inboxes and is not taken, by count', async () => {
  const { stdout, code } = await runCommand(['status'], the);
  expect(stdout).toMatch(
    /^inbox of acme: 2 arriving since \d{4}-\d\d-\d\d \d\d:\d\d · 3 passed over \(links,\ndevices, pipes\)$/m,
  );
  expect(stdout).toContain('inbox of norte: 1 stuck · EROFS');
  expect(stdout).toContain('1 file in the inbox of norte can not be taken: EROFS');
  expect(code).toBe(1);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('status --json has them too, and what nobody is there to take', async () => {
  const { stdout } = await runCommand(['status', '--json'], the);
  expect(JSON.parse(stdout)).toMatchObject({
    inboxes: [
      { partner: 'acme', arriving: 2, passedOver: 3, stuck: 0, trouble: null },
      { partner: 'norte', arriving: 0, arrivingSince: null, stuck: 1, trouble: 'EROFS' },
    ],
    filesUntaken: 0,
  });
});

it('status forgets them with the service that saw them', async () => {
  await the.opened.ledger.drained('intake-1');
  const folders = {
    ...the.opened.folders,
    scan: async () => ({
      ready: [],
      folders: [{ partner: 'acme', arriving: 2, overdue: 0, overdueForMs: 0, passedOver: 0, trouble: null }],
    }),
  };
  const { stdout } = await runCommand(['status'], { opened: { ...the.opened, folders } });
  expect(stdout).not.toContain('inbox of');
  expect(stdout).toContain('2 files lie in the inbox and no `leadsync run` is alive.');
});
