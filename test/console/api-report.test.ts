import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { macContent, macIdentity } from '../../src/app/keyed-hashes.ts';
import { keyOf } from '../../src/domain/expectation.ts';
import { addDays, localTimeAt, weekdays } from '../../src/domain/local-time.ts';
import { nightOf } from '../../src/domain/night.ts';
import { runCommand } from '../cli/a-cli.ts';
import { aPartner } from '../domain/a-partner.ts';
import { aConsole, type TestConsole } from './a-console.ts';
import { aFileOfOne } from './a-file-of-one.ts';
import { aMachine, type Machine } from './an-api.ts';

const timeZone = 'Europe/Madrid';
const tonight = nightOf(new Date(), timeZone);
const act = { actor: 'cli:test', reason: 'their CRM is being moved' };

let the: TestConsole;
let viewer: Machine;
let opened: TestConsole['example']['opened'];

/** A night of which there is something to tell in every part: a run, dues, a file at work, stoppages, who was told. */
beforeAll(async () => {
  the = await aConsole('console api report');
  const expected = { kind: 'updates', files: 1, by: '11:59', from: '11:58', days: weekdays } as const;
  const all = [
    aPartner({
      schedule: { cron: '0 2 * * *', timeZone },
      results: { ...aPartner().results, by: '08:00' },
      expect: [{ ...expected, kind: 'leads', by: '12:00', from: '12:01' }],
    }),
    aPartner({ id: 'brisa', expect: [expected] }),
  ];
  const partners = {
    get: (id: string) => all.find((partner) => partner.id === id) ?? null,
    list: () => all,
    isBroken: (id: string) => id === 'costa',
  };
  const { ledger, nights, vault, deliveries } = the.example.opened;
  await Promise.all(all.map(({ id, expect: dues }) => nights.noteExpected(id, dues.map(keyOf))));
  const hourAt = new Date(Date.now() + 1_000);
  await nights.beginRun({ partner: 'acme', night: tonight, hourAt, passed: 2 }, 'test');
  const ofOldExpectations = {
    ...nights,
    async watch() {
      const seen = await nights.watch();
      const since = new Date('2026-01-01');
      const expects = all.map(
        ({ id, expect: dues }) =>
          [id, { lookedTo: seen.now, expects: new Map(dues.map((due) => [keyOf(due), since])) }] as const,
      );
      return { ...seen, partners: new Map(expects) };
    },
  };
  await aFileOfOne(
    the.example.opened,
    { fields: { dni: '00000009D', name: 'Ana Sintética' }, partnerLeadId: 'CRM-9' },
    {
      name: 'Ana Sintética 00000009D.csv',
      night: tonight,
      row: {
        state: 'received',
        code: null,
        problems: [],
        identity: macIdentity(vault, 'acme', 'v1|CRM-9'),
        content: macContent(vault, 'CRM-9'),
      },
    },
  );
  await ledger.pause('acme', act);
  await ledger.pause('brisa', act);
  await ledger.endPauses('brisa', act);
  await deliveries.endNight(
    tonight,
    {},
    [
      { channel: 'email', recipient: null },
      { channel: 'webhook', recipient: 'brisa' },
    ],
    'test',
  );
  opened = { ...the.example.opened, nights: ofOldExpectations, partners };
  viewer = aMachine(the, 'grafana', 'viewer', the.beside({}, { nights: ofOldExpectations, partners }));
});
afterAll(() => the.close());

/** A forecast counts from now: what is asked a moment later is a moment on. */
async function printed(...args: readonly string[]) {
  return withoutPace(JSON.parse((await runCommand(['report', '--json', ...args], { opened })).stdout));
}

async function answered(query: string) {
  const { status, json } = await viewer.get(`/report${query}`);
  expect([query, status]).toEqual([query, 200]);
  return withoutPace(json);
}

interface Report {
  readonly partners: { forecast: { ratePerSecond: unknown; doneAt: unknown; goesOnBy: unknown } | null }[];
  readonly needsPerson: { what: string }[];
  readonly [name: string]: unknown;
}

function withoutPace(report: Report): Report {
  for (const { forecast } of report.partners) {
    if (forecast !== null) Object.assign(forecast, { ratePerSecond: 0, doneAt: '', goesOnBy: '' });
  }
  return report;
}

describe('GET /api/report', () => {
  it('is what the command prints of the night, field by field', async () => {
    const told = await answered(`?night=${tonight}`);
    expect(told).toEqual(await printed('--night', tonight));
    expect(told).toMatchObject({
      night: tonight,
      timeZone,
      isOver: false,
      partners: [
        {
          partner: 'acme',
          run: { passed: 2 },
          nextRunAt: expect.stringMatching(/Z$/),
          expected: [{ kind: 'leads' }],
          files: [{ id: the.example.fileId, rows: 4 }, { rows: 1 }],
          outcomes: { lead: { registered: 1, in_doubt: 1, failed: 1, rejected: 1, received: 1 } },
          forecast: { callsLeft: 2 },
        },
        { partner: 'brisa', run: null, expected: [{ kind: 'updates' }] },
      ],
      stoppages: [
        { kind: 'pause', of: 'acme', until: null, ...act },
        { kind: 'pause', of: 'brisa', until: expect.stringMatching(/Z$/) },
      ],
    });
    expect(told['told']).toHaveLength(2);
    expect(told.needsPerson.map(({ what }) => what).join()).toContain('in doubt');
  });

  it('is of the night that ends this morning where none is asked for, as the command is', async () => {
    const told = await answered('');
    expect(told).toEqual(await printed());
    expect(told['night']).toBe(localTimeAt(new Date(), timeZone).date);
  });

  it('is of one partner where one is asked for, with what stops it and what it was told', async () => {
    const told = await answered(`?night=${tonight}&partner=brisa`);
    expect(told).toEqual(await printed('--night', tonight, '--partner', 'brisa'));
    const whole = await answered(`?night=${tonight}`);
    expect(told).toEqual({ ...whole, partners: [whole.partners[1]], stoppages: [(whole['stoppages'] as object[])[1]] });
    const acme = await answered(`?night=${tonight}&partner=acme`);
    expect(acme['stoppages']).toMatchObject([{ of: 'acme' }]);
    expect(acme['told']).toMatchObject([{ channel: 'email', recipient: null }]);
  });

  it('is empty of a partner of which there is nothing in that night', async () => {
    expect(await answered(`?night=${addDays(tonight, -40)}&partner=costa`)).toMatchObject({
      isOver: true,
      partners: [],
      stoppages: [],
      told: [],
    });
  });

  it('tells nothing of a person, and no name of a file', async () => {
    const { text } = await viewer.get(`/report?night=${tonight}`);
    expect(text).not.toMatch(/0000000\d[A-Z]|Sintética|CRM-|export-of-monday/);
  });

  it('is not there before its night has begun', async () => {
    const later = addDays(tonight, 1);
    const { status, json } = await viewer.get(`/report?night=${later}`);
    expect([status, json]).toEqual([
      404,
      {
        error: {
          code: 'CONSOLE_NOT_FOUND',
          message: `This night has not begun: it does at ${tonight} 12:00:00.`,
          hint: expect.stringContaining('Ask for one that has.'),
        },
      },
    ]);
    const command = await runCommand(['report', '--night', later, '--json'], { opened });
    expect([command.code, command.stdout]).toEqual([2, '']);
    expect(command.stderr).toContain('--night: expected one that has begun');
  });

  it.each(['yesterday', '2026-02-30', '2026-1-1', '', '0000-01-01', '9999-12-31'])(
    'asks for another date than %j',
    async (night) => {
      const { status, json } = await viewer.get(`/report?night=${night}`);
      expect([status, json.error.code]).toEqual([400, 'CONSOLE_REQUEST_INVALID']);
      expect(json.error.message).toBe('night: expected a date such as 2026-11-24');
      const { code, stdout } = await runCommand(['report', '--night', night, '--json'], { opened });
      expect([code, stdout]).toEqual([2, '']);
    },
  );

  it('knows no partner without config, files and inbox', async () => {
    const { status, json } = await viewer.get('/report?partner=nobody');
    expect([status, json.error]).toMatchObject([
      404,
      { code: 'CONSOLE_NOT_FOUND', message: 'There is no such partner.' },
    ]);
    const { code, stderr } = await runCommand(['report', '--partner', 'nobody'], { opened });
    expect([code, stderr]).toEqual([2, 'error: --partner: expected one that has a config or files; got "nobody"']);
  });

  it('passes nothing over that it does not know', async () => {
    expect((await viewer.get('/report?nigth=2026-11-24')).status).toBe(400);
  });
});
