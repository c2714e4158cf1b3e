import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { leads125 } from '../../src/contract/leads-1.2.5/leads-1.2.5.ts';
import { leadsCsv } from '../e2e/leads-file.ts';
import { aConsole, type TestConsole } from './a-console.ts';
import { aMachine, machineWith, type ApiAnswer, type Machine } from './an-api.ts';
import { ownFolders } from './own-folders.ts';

let the: TestConsole;
let ana: Machine;
let bea: Machine;
let eva: Machine;
let viewer: Machine;
beforeAll(async () => {
  the = await aConsole('console api acts');
  ana = aMachine(the, 'ana', 'operator');
  bea = aMachine(the, 'bea', 'operator');
  eva = aMachine(the, 'eva', 'admin');
  viewer = aMachine(the, 'luis', 'viewer');
});
afterAll(() => the.close());

const reason = 'ticket 8812';
const told = ({ status, json }: ApiAnswer) => [status, json.error?.code ?? null];
const statuses = (answers: readonly ApiAnswer[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);

async function change(statement: string): Promise<void> {
  const { db, close } = openDatabase(the.example.url, { max: 1 });
  await sql.raw(statement).execute(db);
  await close();
}

describe('an act', () => {
  it('takes the role, and a refusal is audited', async () => {
    for (const [who, path, needed] of [
      [viewer, '/files/1/hold', 'operator'],
      [viewer, '/leads/1/reveal', 'operator'],
      [viewer, '/replays', 'operator'],
      [viewer, '/audit/verify', 'operator'],
      [ana, '/work/pause', 'admin'],
      [ana, '/breaker/open', 'admin'],
    ] as const) {
      const answer = await who.post(path, { reason });
      expect([path, ...told(answer)]).toEqual([path, 403, 'CONSOLE_ROLE_TOO_LOW']);
      expect(answer.json.error.message).toContain(`the role ${needed}`);
    }
    expect(await the.audited('console.refused')).toContainEqual({
      actor: 'console-api:luis',
      detail: { why: 'role', role: 'viewer', needed: 'operator', route: '/api/files/:file/hold' },
    });
    expect((await the.ports.ledger.file('1'))?.state).toBe('read');
  });

  it.each([
    ['none', {}, 'CONSOLE_REQUEST_INVALID'],
    ['an empty one', { reason: ' ' }, 'CONSOLE_REQUEST_INVALID'],
    ['one too long', { reason: 'x'.repeat(501) }, 'CONSOLE_REQUEST_INVALID'],
    ['a number', { reason: 7 }, 'CONSOLE_REQUEST_INVALID'],
    ['a NIF', { reason: 'asked about 00000001R' }, 'CONSOLE_REASON_REFUSED'],
    ['an e-mail', { reason: 'asked ana@example.com' }, 'CONSOLE_REASON_REFUSED'],
  ])('takes a reason that can be kept for ever, not %s', async (_what, body, code) => {
    expect(told(await ana.post('/files/1/hold', body))).toEqual([400, code]);
    expect((await the.ports.ledger.file('1'))?.state).toBe('read');
  });

  it('is audited with who did it and why', async () => {
    expect((await ana.post('/files/1/hold', { reason })).json).toEqual({ file: '1', state: 'held' });
    expect((await bea.post('/files/1/release', { reason: 'all is well' })).json).toEqual({ file: '1', state: 'read' });
    const history = await the.ports.pages.fileHistory('1');
    expect(history.slice(-2).map(({ action, actor, reason: why }) => [action, actor, why])).toEqual([
      ['file.held', 'console-api:ana', reason],
      ['file.released', 'console-api:bea', 'all is well'],
    ]);
  });

  it('is one of people in the audit log', async () => {
    const { events } = (await viewer.get('/audit?actor=console-api:ana')).json;
    expect(events[0]).toMatchObject({ actor: 'console-api:ana', action: 'file.held', reason });
    const { events: all } = (await viewer.get('/audit')).json;
    expect(all.map(({ actor }: { actor: string }) => actor)).toContain('console-api:bea');
  });
});

describe('a file', () => {
  it('that two hold at once is held by one, and the other is told who was first', async () => {
    const answers = await Promise.all([ana, bea].map((who) => who.post('/files/1/hold', { reason })));
    expect(statuses(answers)).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409);
    expect(lost?.json.error.code).toBe('CONSOLE_MOVED_ON');
    expect(lost?.json.error.message).toMatch(
      /File 1 is held already\. Last, .*"ticket 8812", by console-api:(ana|bea)\./,
    );
    const again = await ana.post('/files/1/hold', { reason });
    expect(told(again)).toEqual([409, 'CONSOLE_MOVED_ON']);
    const released = await Promise.all([ana, bea].map((who) => who.post('/files/1/release', { reason })));
    expect(statuses(released)).toEqual([200, 409]);
  });

  it('is not done what it is in no state for, and says so', async () => {
    expect(told(await ana.post('/files/1/now', { reason }))).toEqual([409, 'CONSOLE_MOVED_ON']);
    const refused = await ana.post('/files/1/reject', { reason });
    expect(told(refused)).toEqual([409, 'CONSOLE_NOT_POSSIBLE']);
    expect(refused.json.error.message).toContain('Leads of file 1 exist or may exist at the insurer');
    expect(told(await ana.post('/files/4711/hold', { reason }))).toEqual([404, 'CONSOLE_NOT_FOUND']);
  });

  it('is read again by the mapping in force, if the same follows as was shown', async () => {
    const { folder, folders, remove } = await ownFolders(the.ports.vault);
    onTestFinished(remove);
    const settings = { ...the.ports.settings, fieldRules: leads125.leadFields };
    const app = the.beside({}, { ownFolders: folders, settings });
    const operator = machineWith(ana.token, app);
    // Its bytes are not there yet.
    const absent = await operator.post('/files/1/reread/preview');
    expect(told(absent)).toEqual([409, 'CONSOLE_NOT_POSSIBLE']);
    await mkdir(join(folder('archive'), 'acme'), { recursive: true });
    await writeFile(join(folder('archive'), 'acme', '1.csv'), leadsCsv(4, 'CRM-'));
    const shown = await operator.post('/files/1/reread/preview');
    expect([shown.status, shown.json.file], shown.text).toEqual([200, '1']);
    expect(shown.json.changes.length).toBeGreaterThan(0);
    const stale = await operator.post('/files/1/reread', { reason, seen: 'something else' });
    expect(told(stale)).toEqual([409, 'CONSOLE_MOVED_ON']);
    const { seen, changes } = shown.json;
    const read = await operator.post('/files/1/reread', { reason, seen });
    expect([read.status, read.json.file, read.json.changes], read.text).toEqual([200, '1', changes]);
    const readAs = (await the.ports.ledger.file(read.json.readAs)) ?? { state: 'gone' };
    expect(readAs.state).toBe('arrived');
    const history = await the.ports.pages.fileHistory('1');
    expect(history.map(({ action, actor }) => `${action} ${actor}`)).toContain('file.reread console-api:ana');
  });
});

describe('a row in doubt', () => {
  const doubtOf = async (): Promise<{ id: string; version: number }> => (await ana.get('/in-doubt')).json.rows[0];

  it('is refused what guards refuse, with when it is possible', async () => {
    const { id, version } = await doubtOf();
    const resolve = (body: object) => ana.post(`/leads/${id}/resolve`, { reason, version, ...body });
    const early = await resolve({ verdict: 'send_again' });
    expect(told(early)).toEqual([409, 'CONSOLE_TOO_EARLY']);
    expect(Number(early.headers['retry-after'])).toBeGreaterThan(60);
    const taken = await resolve({ verdict: 'lead_id', leadId: 'L-1' });
    expect([...told(taken), taken.json.error.message]).toEqual([
      409,
      'CONSOLE_NOT_POSSIBLE',
      expect.stringContaining('Another row has this leadId'),
    ]);
    expect(told(await resolve({ verdict: 'lead_id' }))).toEqual([400, 'CONSOLE_REQUEST_INVALID']);
    expect(told(await resolve({ verdict: 'pushed' }))).toEqual([409, 'CONSOLE_NOT_POSSIBLE']);
    expect(told(await resolve({ verdict: 'nonsense' }))).toEqual([400, 'CONSOLE_REQUEST_INVALID']);
    expect(told(await resolve({ verdict: 'abandon', version: version - 1 }))).toEqual([409, 'CONSOLE_MOVED_ON']);
    expect((await the.ports.ledger.row(id))?.state).toBe('in_doubt');
  });

  it('that two resolve at once has one verdict; the other is told whose', async () => {
    const { id, version } = await doubtOf();
    const answers = await Promise.all([
      ana.post(`/leads/${id}/resolve`, { reason, version, verdict: 'lead_id', leadId: 'L-77' }),
      bea.post(`/leads/${id}/resolve`, { reason: 'nobody knows', version, verdict: 'abandon' }),
    ]);
    expect(statuses(answers)).toEqual([200, 409]);
    const won = answers.find(({ status }) => status === 200)?.json;
    const row = await the.ports.ledger.row(id);
    expect([won.state, won.leadId]).toEqual([row?.state, row?.leadId]);
    const lost = answers.find(({ status }) => status === 409)?.json.error;
    expect([lost.code, lost.message]).toEqual([
      'CONSOLE_MOVED_ON',
      expect.stringMatching(
        /Row \d+ has moved on since you looked at it: .*by console-api:(ana|bea)\. Nothing of yours was done\./,
      ),
    ]);
    const history = await the.ports.ledger.history(id);
    expect(history.filter(({ action }) => action.startsWith('row.resolved'))).toHaveLength(1);
    // Sent once more it changes nothing, and says so.
    const again = await ana.post(`/leads/${id}/resolve`, { reason, version, verdict: 'abandon' });
    expect(told(again)).toEqual([409, 'CONSOLE_MOVED_ON']);
  });
});

describe('a replay', () => {
  it('is shown by class, begun with what was shown, and ended once', async () => {
    const filter = { partner: 'acme', state: 'failed' };
    const shown = await viewer.post('/replays/preview', { filter });
    expect(shown.json).toMatchObject({
      replay: null,
      groups: [{ class: 'safe', partner: 'acme', kind: 'lead', state: 'failed', code: 'API_KO', n: 1 }],
    });
    const { seen } = shown.json;
    expect((await viewer.get('/replays')).json.replays).toEqual([]);
    const { id } = await the.example.row('CRM-3');
    await change(`update ledger_row set code = 'API_NO_ANSWER', version = version + 1 where id = ${id}`);
    expect(told(await ana.post('/replays', { filter, seen, reason }))).toEqual([409, 'CONSOLE_MOVED_ON']);
    await change(`update ledger_row set code = 'API_KO', version = version + 1 where id = ${id}`);
    const begun = await ana.post('/replays', { filter, seen, reason, rate: 5 });
    expect(begun.status).toBe(201);
    expect(begun.json.replay).toMatchObject({
      state: 'running',
      actor: 'console-api:ana',
      reason,
      rate: 5,
      rows: 1,
      left: 1,
    });
    const batch = begun.json.replay.id as string;
    expect((await viewer.get(`/replays/${batch}`)).json).toMatchObject({ id: batch, stayed: [], serviceNeeded: true });
    const ends = await Promise.all([ana, bea].map((who) => who.post(`/replays/${batch}/abort`, { reason })));
    expect(statuses(ends)).toEqual([200, 409]);
    expect(ends.find(({ status }) => status === 409)?.json.error.message).toMatch(/is aborted already/);
    expect(told(await ana.post('/replays/4711/abort', { reason }))).toEqual([404, 'CONSOLE_NOT_FOUND']);
  });

  it('of everything, or of what nobody understands, is none', async () => {
    for (const filter of [{}, { state: 'nonsense' }, { row: 'x' }, { since: 'yesterday' }, { nif: '00000001R' }]) {
      expect(told(await ana.post('/replays/preview', { filter }))).toEqual([400, 'CONSOLE_REQUEST_INVALID']);
      expect(told(await ana.post('/replays', { filter, seen: '', reason }))).toEqual([400, 'CONSOLE_REQUEST_INVALID']);
    }
    expect((await viewer.get('/replays')).json.replays).toHaveLength(1);
  });
});

describe('what needs a person', () => {
  it('is known until a time, as it was looked at, and news again', async () => {
    const { needsPerson } = (await viewer.get('/alarms')).json;
    const { alarm, level } = needsPerson.find((one: { alarm: string }) => one.alarm.startsWith('failed:'));
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const known = await ana.post('/alarms/acknowledge', { alarms: [{ alarm, level }], until, reason });
    const found = known.json.needsPerson.find((one: { alarm: string }) => one.alarm === alarm);
    expect(found.acknowledged).toEqual({ until, actor: 'console-api:ana', reason });
    const ends = await Promise.all([ana, bea].map((who) => who.post('/alarms/withdraw', { alarm, reason })));
    expect(statuses(ends)).toEqual([200, 409]);
    const gone = { alarms: [{ alarm: 'failed:brisa:lead', level: 3 }], until: '2h', reason };
    expect(told(await ana.post('/alarms/acknowledge', gone))).toEqual([409, 'CONSOLE_MOVED_ON']);
    const past = { alarms: [{ alarm, level }], until: '2020-01-01', reason };
    expect(told(await ana.post('/alarms/acknowledge', past))).toEqual([400, 'CONSOLE_REQUEST_INVALID']);
  });
});

describe('what stops calls', () => {
  it('of a partner: one pauses, one is told who did', async () => {
    const pauses = await Promise.all(
      [ana, bea].map((who) => who.post('/partners/acme/pause', { reason: 'a new export' })),
    );
    expect(statuses(pauses)).toEqual([200, 409]);
    expect(pauses.find(({ status }) => status === 200)?.json.pauses).toMatchObject([{ partner: 'acme' }]);
    expect(pauses.find(({ status }) => status === 409)?.json.error.message).toMatch(
      /Already paused: work of acme since .* by console-api:(ana|bea): a new export/,
    );
    expect((await ana.post('/partners/acme/resume', { reason })).json).toEqual({ pauses: [], halts: [] });
    expect(told(await ana.post('/partners/acme/resume', { reason }))).toEqual([409, 'CONSOLE_MOVED_ON']);
    expect(told(await ana.post('/partners/nobody/pause', { reason }))).toEqual([404, 'CONSOLE_NOT_FOUND']);
  });

  it('of everybody, for an admin: the breaker, and all work', async () => {
    const opened = await eva.post('/breaker/open', { reason });
    expect(opened.json).toMatchObject({ state: 'open', cause: 'person', actor: 'console-api:eva', reason });
    const again = await eva.post('/breaker/open', { reason });
    expect([...told(again), again.json.error.message]).toEqual([
      409,
      'CONSOLE_MOVED_ON',
      'The breaker was opened already by console-api:eva: ticket 8812.',
    ]);
    expect((await eva.post('/breaker/close', { reason })).json.state).toBe('closed');
    expect((await eva.post('/work/pause', { reason })).json.pauses).toMatchObject([{ partner: null }]);
    expect(told(await eva.post('/work/pause', { reason }))).toEqual([409, 'CONSOLE_MOVED_ON']);
    expect((await eva.post('/work/resume', { reason })).status).toBe(200);
    expect(told(await eva.post('/work/resume', { reason }))).toEqual([409, 'CONSOLE_MOVED_ON']);
  });

  it('does not go on over a ledger that lacks requests', async () => {
    const gap = { gaps: async () => [{ host: 'worker-1', attempts: 3, since: new Date() }] };
    const app = the.beside({}, { gap: gap as never });
    const refused = await machineWith(eva.token, app).post('/work/resume', { reason });
    expect(told(refused)).toEqual([409, 'LEDGER_BEHIND']);
  });
});

describe('a person’s values', () => {
  it('are told in clear to an operator with a reason, and that is audited first', async () => {
    const { id } = await the.example.row('CRM-1');
    const answer = await ana.post(`/leads/${id}/reveal`, { reason });
    expect(answer.json).toMatchObject({
      id,
      kind: 'lead',
      partner: 'acme',
      values: { partnerLeadId: 'CRM-1', dni: '00000001R', name: 'Ana Sintética' },
    });
    expect(await the.audited('console.revealed')).toEqual([
      { actor: 'console-api:ana', detail: { row: id, partner: 'acme' } },
    ]);
    expect(told(await ana.post('/leads/4711/reveal', { reason }))).toEqual([404, 'CONSOLE_NOT_FOUND']);
    const broken = the.beside({}, { audit: { note: () => Promise.reject(new Error('no audit')) } });
    const kept = await machineWith(ana.token, broken).post(`/leads/${id}/reveal`, { reason });
    expect([kept.status, kept.text.includes('00000001R')]).toEqual([503, false]);
  });
});

describe('the audit log', () => {
  it('is checked for who asks, one check at a time, and says how it stands', async () => {
    const begun = await ana.post('/audit/verify');
    expect(begun.json).toMatchObject({ state: 'under_way', by: 'console-api:ana' });
    await expect
      .poll(async () => (await viewer.get('/audit/verification')).json.state, { interval: 20, timeout: 10_000 })
      .toBe('done');
    expect((await viewer.get('/audit/verification')).json).toMatchObject({
      by: 'console-api:ana',
      verdict: { faults: [], faultCount: 0, checkpoints: 0 },
    });
  });
});

describe('rows', () => {
  it('are cancelled as they were shown, and what was sent stays', async () => {
    const { id } = await the.example.row('CRM-3');
    const filter = { file: '1' };
    const shown = await viewer.post('/rows/cancel/preview', { filter });
    const groups = shown.json.groups as { state: string; canBeCancelled: boolean; n: number }[];
    expect(groups.filter(({ canBeCancelled }) => canBeCancelled)).toMatchObject([{ state: 'failed', n: 1 }]);
    const { seen } = shown.json;
    expect(told(await viewer.post('/rows/cancel', { filter, seen, reason }))).toEqual([403, 'CONSOLE_ROLE_TOO_LOW']);
    expect(told(await ana.post('/rows/cancel', { filter, seen: 'other', reason }))).toEqual([409, 'CONSOLE_MOVED_ON']);
    expect(told(await ana.post('/rows/cancel', { filter: {}, seen, reason }))).toEqual([
      400,
      'CONSOLE_REQUEST_INVALID',
    ]);
    expect((await ana.post('/rows/cancel', { filter, seen, reason })).json.cancelled).toBe(1);
    expect((await the.ports.ledger.history(id)).at(-1)).toMatchObject({
      action: 'row.cancelled',
      actor: 'console-api:ana',
      reason,
    });
    expect(told(await ana.post('/rows/cancel', { filter, seen, reason }))).toEqual([409, 'CONSOLE_MOVED_ON']);
    // As a replay takes it back to work.
    await change(
      `update ledger_row set state = 'received', code = null, version = version + 1, fence = fence + 1 where id = ${id}`,
    );
  });
});

describe('a file that is cancelled', () => {
  it('has its unsent rows cancelled, and tells of the leads that exist', async () => {
    const cancelled = await ana.post('/files/1/cancel', { reason });
    expect([cancelled.status, cancelled.json.file, cancelled.json.cancelled], cancelled.text).toEqual([200, '1', 1]);
    expect(cancelled.json.hasMoreLeads).toBe(false);
    expect(cancelled.json.leads[0]).toMatchObject({
      row: 2,
      state: 'registered',
      leadId: 'L-1',
      partnerLeadId: 'CRM-1',
    });
  });
});
