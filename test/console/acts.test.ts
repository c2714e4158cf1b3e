import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { sql } from 'kysely';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { aConsole, aUser, cookiesOf, fieldsOf, logIn, textOf, type Session, type TestConsole } from './a-console.ts';
import { ownFolders } from './own-folders.ts';

const users = [aUser('ana', 'operator'), aUser('bea', 'operator'), aUser('eva', 'admin'), aUser('luis', 'viewer')];

let the: TestConsole;
let ana: Session;
let bea: Session;
let eva: Session;
let luis: Session;
beforeAll(async () => {
  the = await aConsole('console acts', { users });
  [ana, bea, eva, luis] = (await Promise.all(['ana', 'bea', 'eva', 'luis'].map((name) => the.logIn(name)))) as [
    Session,
    Session,
    Session,
    Session,
  ];
});
afterAll(() => the.close());

const reason = 'ticket 8812';

/** Presses the button of a form as the page has it. */
async function press(who: Session, page: string, action: string, typed: Readonly<Record<string, string>> = {}) {
  const { body } = await who.ask(page);
  return who.post(action, { ...fieldsOf(body, action), reason, ...typed });
}

async function change(statement: string): Promise<void> {
  const { db, close } = openDatabase(the.example.url, { max: 1 });
  await sql.raw(statement).execute(db);
  await close();
}

describe('an act', () => {
  it('ends on the page that shows what has become of it, which says once what was done', async () => {
    const done = await press(ana, '/files/1', '/files/1/hold');
    expect([done.status, done.location]).toEqual([303, '/files/1']);
    const said = cookiesOf(done)[0] ?? '';
    const page = await ana.ask({ url: '/files/1', headers: { cookie: `${ana.cookie}; ${said}` } });
    expect(textOf(page.body)).toContain('The file is held: no call of it begins from now on.');
    expect(cookiesOf(page)).toContain('leadsync-done-7070=');
    expect(textOf((await ana.ask('/files/1')).body)).not.toContain('no call of it begins');
    expect((await press(ana, '/files/1', '/files/1/release')).status).toBe(303);
  });

  it('is audited with who did it, logged in, and why', async () => {
    const history = await the.ports.pages.fileHistory('1');
    expect(history.slice(-2).map(({ action, actor, reason: why }) => [action, actor, why])).toEqual([
      ['file.held', 'console:ana', reason],
      ['file.released', 'console:ana', reason],
    ]);
  });

  it('takes the role: a viewer sees no form, and what they post is refused and audited', async () => {
    for (const page of ['/', '/files/1', '/in-doubt', '/partners/acme', '/replays/new'])
      expect((await luis.ask(page)).body, page).not.toContain('name="reason"');
    const refused = await luis.post('/files/1/hold', { reason });
    expect(refused.status).toBe(403);
    expect((await the.ports.ledger.file('1'))?.state).toBe('read');
    expect(await the.audited('console.refused')).toContainEqual({
      actor: 'console:luis',
      detail: { why: 'role', role: 'viewer', needed: 'operator', route: '/files/:id/hold' },
    });
  });

  it('takes the token of our own page', async () => {
    for (const url of ['/files/1/hold', '/leads/2/resolve', '/replays', '/partners/acme/pause', '/alarms/known'])
      expect((await ana.post(url, { form: 'somebody else’s', reason })).status, url).toBe(403);
  });

  it.each([
    ['none', ' ', 'Say why'],
    ['one too long', 'x'.repeat(501), '500 characters or less'],
    ['a NIF', 'asked about 00000001R', 'say it without'],
    ['an e-mail', 'asked ana@example.com', 'say it without'],
  ])('takes a reason that can be kept for ever, not %s', async (_what, given, says) => {
    const answer = await press(ana, '/files/1', '/files/1/hold', { reason: given });
    expect(answer.status).toBe(400);
    expect(textOf(answer.body)).toContain('Nothing was done');
    expect(textOf(answer.body)).toContain(says);
    expect((await the.ports.ledger.file('1'))?.state).toBe('read');
  });
});

describe('a file', () => {
  it('is turned away only while nothing of it was created, and says so', async () => {
    expect((await ana.ask('/files/1')).body).not.toContain('action="/files/1/reject"');
    const refused = await ana.post('/files/1/reject', { reason });
    expect(refused.status).toBe(409);
    expect(textOf(refused.body)).toContain('Leads of file 1 exist or may exist at the insurer');
  });

  it('is turned away with the reason for the partner beside it, where its bytes are', async () => {
    const { folder, folders, remove } = await ownFolders(the.ports.vault);
    onTestFinished(remove);
    const { ledger, vault } = the.ports;
    const key = await vault.keyFor('acme');
    const { file } = await ledger.acceptFile({
      partner: 'acme',
      kind: 'leads',
      keyId: key.id,
      name: key.seal('broken.csv'),
      sha256: 'c'.repeat(64),
      bytes: 10,
      configVersion: 'test',
      dueAt: null,
      again: false,
      actor: 'test',
    });
    await mkdir(join(folder('inbox'), 'acme', '.taken', 'c'.repeat(64)), { recursive: true });
    await writeFile(join(folder('inbox'), 'acme', '.taken', 'c'.repeat(64), 'broken.csv'), 'a;b\n1;2\n');
    const console = the.beside({ users }, { ownFolders: folders });
    const session = await logIn(console, 'ana');
    const page = `/files/${file.id}`;
    const done = await press(session, page, `${page}/reject`, { reason: 'the export broke off' });
    expect(done.status, done.body).toBe(303);
    expect((await ledger.file(file.id))?.state).toBe('rejected');
    const there = await readdir(join(folder('rejected'), 'acme'));
    expect(there.some((name) => name.endsWith('.reason.txt'))).toBe(true);
    expect((await session.ask(page)).body).not.toContain('name="reason"');
  });
});

describe('the work list of doubts', () => {
  it('shows each with its evidence, what to ask the insurer for, and the ways out', async () => {
    const { id, attemptId } = await the.example.row('CRM-2');
    const { body } = await ana.ask('/in-doubt');
    const text = textOf(body);
    expect(text).toContain('1 row, oldest first');
    expect(text).toContain(`Lead, row ${id} of acme`);
    expect(text).toContain(`X-Request-Id ${attemptId ?? ''}`);
    expect(text).toMatch(/evidence the request may have left, and no answer began, after \d+ ms/);
    expect(text).toContain('partnerLeadId CRM-2');
    expect(body).toContain(`action="/leads/${id}/resolve"`);
    expect(text).toMatch(/possible in \d+ min: the first request could still arrive/);
    expect(body).toMatch(/value="send_again"\s+required\s+disabled/);
    expect(text).not.toContain('00000002W');
    expect(text).not.toContain('Sintética');
  });

  it('narrows to a partner and a kind, and says when none is so', async () => {
    expect(textOf((await ana.ask('/in-doubt?partner=acme&kind=update')).body)).toContain('None of these is in doubt');
    expect(textOf((await ana.ask('/in-doubt?partner=acme&kind=lead')).body)).toContain('1 row, oldest first');
  });

  it('refuses what guards refuse, with the reason: too early, a leadId of another row, no leadId', async () => {
    const { id } = await the.example.row('CRM-2');
    const resolve = (typed: Readonly<Record<string, string>>) => press(ana, '/in-doubt', `/leads/${id}/resolve`, typed);
    expect(textOf((await resolve({ verdict: 'send_again' })).body)).toContain('Too early: the first request');
    expect(textOf((await resolve({ verdict: 'lead_id', leadId: 'L-1' })).body)).toContain(
      'Another row has this leadId',
    );
    expect((await resolve({ verdict: 'lead_id', leadId: ' ' })).status).toBe(400);
    expect((await resolve({ verdict: 'pushed' })).status).toBe(409);
    expect((await the.ports.ledger.row(id))?.state).toBe('in_doubt');
  });
});

describe('two operators at once', () => {
  it('on one row: one winner, and one clear message that names who was quicker', async () => {
    const { id } = await the.example.row('CRM-2');
    const url = `/leads/${id}/resolve`;
    const [formOfAna, formOfBea] = await Promise.all(
      [ana, bea].map(async (one) => fieldsOf((await one.ask('/in-doubt')).body, url)),
    );
    const answers = await Promise.all([
      ana.post(url, { ...formOfAna, reason, verdict: 'lead_id', leadId: 'L-77' }),
      bea.post(url, { ...formOfBea, reason: 'nobody knows', verdict: 'abandon' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
    const lost = answers.find(({ status }) => status === 409);
    const wonByAna = answers[0].status === 303;
    const row = await the.ports.ledger.row(id);
    expect([row?.state, row?.leadId]).toEqual(wonByAna ? ['registered', 'L-77'] : ['abandoned', null]);
    expect(textOf(lost?.body ?? '')).toMatch(
      wonByAna
        ? /Row \d+ has moved on since you looked at it: it is registered\. Last, .*: in_doubt → registered, "ticket 8812", by console:ana\. Nothing of yours was done\./
        : /it is abandoned\. Last, .*, "nobody knows", by console:bea\. Nothing of yours was done\./,
    );
    expect((await the.ports.ledger.history(id)).filter(({ action }) => action.startsWith('row.resolved'))).toHaveLength(
      1,
    );
    // And who comes later with a page of before.
    const late = await bea.post(url, { ...formOfBea, reason, verdict: 'send_again' });
    expect([late.status, textOf(late.body).includes('Nothing of yours was done')]).toEqual([409, true]);
    const won = answers.find(({ status }) => status === 303);
    expect(won?.location).toBe('/in-doubt');
    expect(textOf((await ana.ask('/in-doubt')).body)).toContain('Nothing is in doubt');
  });

  it('on one file and on one partner likewise', async () => {
    const form = fieldsOf((await bea.ask('/files/1')).body, '/files/1/hold');
    await press(ana, '/files/1', '/files/1/hold', { reason: 'first' });
    const again = await bea.post('/files/1/hold', { ...form, reason });
    expect(again.status).toBe(409);
    expect(textOf(again.body)).toMatch(/File 1 is held already\. Last, .*"first", by console:ana\./);
    await press(ana, '/files/1', '/files/1/release');
    const pauses = await Promise.all(
      [ana, bea].map(async (one) => {
        const paused = fieldsOf((await one.ask('/partners/acme')).body, '/partners/acme/pause');
        return one.post('/partners/acme/pause', { ...paused, reason: 'a new export' });
      }),
    );
    expect(pauses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
    expect(textOf(pauses.find(({ status }) => status === 409)?.body ?? '')).toMatch(
      /Already paused: work of acme since .* by console:(ana|bea): a new export/,
    );
    expect((await press(bea, '/partners/acme', '/partners/acme/resume')).status).toBe(303);
  });
});

describe('a replay', () => {
  const digest = async () => fieldsOf((await ana.ask('/replays/new?partner=acme')).body, '/replays');

  it('is shown first by class, with what stays and why', async () => {
    const text = textOf((await ana.ask('/replays/new?partner=acme')).body);
    expect(text).toContain('Go back to work: 1 row');
    expect(text).toContain('Stay: to be corrected: 1 row');
    expect(text).toMatch(/1 acme leads failed API_KO /);
    expect(await the.ports.replays.replayBatches(10)).toEqual([]);
  });

  it('is not begun when other rows fit by now than were shown', async () => {
    const seen = await digest();
    const { id } = await the.example.row('CRM-3');
    await change(`update ledger_row set code = 'API_NO_ANSWER', version = version + 1 where id = ${id}`);
    const refused = await ana.post('/replays', { ...seen, reason, rate: '10' });
    expect(refused.status).toBe(409);
    expect(textOf(refused.body)).toContain('other rows would be replayed than were shown');
    expect(await the.ports.replays.replayBatches(10)).toEqual([]);
    await change(`update ledger_row set code = 'API_KO', version = version + 1 where id = ${id}`);
  });

  it('begins with its reason, shows how far it is, and is ended by hand', async () => {
    const begun = await ana.post('/replays', { ...(await digest()), reason, rate: '10' });
    expect([begun.status, begun.location]).toMatchObject([303, /^\/replays\/\d+$/]);
    const page = await ana.ask(begun.location);
    expect(textOf(page.body)).toContain('0 % of 1 rows');
    expect(textOf(page.body)).toContain('No service is at work');
    const choices = await bea.ask('/replays/new');
    expect(textOf(choices.body)).toMatch(/Replay \d+ is under way already/);
    expect(choices.body).toContain('href="/replays/new?partner=acme&amp;kind=lead&amp;state=failed"');
    expect(choices.body).not.toContain('action="/replays"');
    expect(textOf((await ana.ask('/replays')).body)).toMatch(/running 1 0 % partner acme console:ana ticket 8812/);
    const [batch] = await the.ports.replays.replayBatches(1);
    expect(batch).toMatchObject({ actor: 'console:ana', reason, state: 'running' });
    const abort = `${begun.location}/abort`;
    const form = fieldsOf(page.body, abort);
    const ends = await Promise.all([ana.post(abort, { ...form, reason }), bea.post(abort, { reason })]);
    expect(ends.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
    expect(textOf(ends.find(({ status }) => status === 409)?.body ?? '')).toMatch(/Replay \d+ is aborted already/);
    expect((await ana.ask('/replays/4711')).status).toBe(404);
  });

  it('of what nobody understands selects nothing', async () => {
    const answer = await ana.ask('/replays/new?state=nonsense&row=x');
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('action="/replays"');
  });
});

describe('what needs a person', () => {
  it('is known until a time, and news again', async () => {
    const { body } = await ana.ask('/');
    expect(fieldsOf(body, '/alarms/known')['alarm']).toBe('1 failed:acme:lead');
    expect(body).toContain('href="/replays/new?kind=lead&amp;state=failed&amp;partner=acme"');
    const done = await press(ana, '/', '/alarms/known', { until: '2h' });
    expect([done.status, done.location]).toEqual([303, '/']);
    expect(textOf((await ana.ask('/')).body)).toMatch(/Known until .* by console:ana: ticket 8812/);
    expect((await press(bea, '/', '/alarms/withdraw')).status).toBe(303);
    expect((await bea.post('/alarms/withdraw', { alarm: 'failed:acme:lead', reason })).status).toBe(409);
  });

  it('covers what was there when it was looked at, and no more', async () => {
    await press(ana, '/', '/alarms/known', { alarm: '0 failed:acme:lead', until: '2h' });
    expect(textOf((await ana.ask('/')).body)).not.toContain('Known until');
    await the.ports.alarms.withdraw('failed:acme:lead', { actor: 'test', reason: 'test' });
  });

  it('takes a time to come', async () => {
    const refused = await press(ana, '/', '/alarms/known', { until: '2020-01-01' });
    expect([refused.status, textOf(refused.body).includes('Expected a moment to come')]).toEqual([400, true]);
    const over = await press(ana, '/', '/alarms/known', { alarm: '3 failed:brisa:lead', until: '2h' });
    expect(over.status).toBe(409);
  });
});

describe('what stops everybody', () => {
  it('is for an admin: the breaker, and all work', async () => {
    expect((await ana.ask('/')).body).not.toContain('action="/breaker/open"');
    expect((await ana.post('/breaker/open', { reason })).status).toBe(403);
    expect((await press(eva, '/', '/breaker/open')).status).toBe(303);
    const again = await eva.post('/breaker/open', { reason });
    expect(textOf(again.body)).toContain('The breaker was opened already by console:eva: ticket 8812.');
    expect((await press(eva, '/', '/breaker/close')).status).toBe(303);
    expect((await press(eva, '/', '/work/pause')).status).toBe(303);
    expect(textOf((await ana.ask('/partners')).body)).toMatch(/Paused: all work since .* by console:eva/);
    expect((await press(eva, '/', '/work/resume')).status).toBe(303);
    expect((await eva.post('/work/resume', { reason })).status).toBe(409);
  });
});

describe('the partners', () => {
  it('are listed with config, schedule and next run, and what stands in their way', async () => {
    const partner = the.example.opened.partners.get('acme');
    if (partner === null) throw new Error('unreachable');
    const drift = { header: true, smallerPercent: null, biggerTimes: null, emptiedPercent: null };
    const scheduled = { ...partner, schedule: { cron: '0 2 * * *', timeZone: 'Europe/Madrid' }, drift };
    const partners = {
      get: (id: string) => (id === 'acme' ? scheduled : null),
      list: () => [scheduled],
      isBroken: () => false,
    };
    const console = the.beside({ users }, { partners });
    const session = await logIn(console, 'luis');
    const text = textOf((await session.ask('/partners')).body);
    expect(text).toMatch(/acme in force goes 0 2 \* \* \* \(Europe\/Madrid\) \d{4}-\d\d-\d\d 02:00/);
    const one = textOf((await session.ask('/partners/acme')).body);
    expect(one).toMatch(/next run \d{4}-\d\d-\d\d 02:00:00/);
    expect(one).toContain('A file is held when its columns have changed.');
    expect((await session.ask('/partners/nobody')).status).toBe(404);
    expect((await ana.post('/partners/nobody/pause', { reason })).status).toBe(404);
  });
});
