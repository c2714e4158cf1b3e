import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { createBacklogMinutes } from '../../src/adapters/ledger/backlog-minutes.ts';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { createBacklogNotes } from '../../src/app/note-backlog.ts';
import { keyOf } from '../../src/domain/expectation.ts';
import { nightOf } from '../../src/domain/night.ts';
import { weekdays } from '../../src/domain/local-time.ts';
import { migrateLedger } from '../../src/adapters/ledger/migrate.ts';
import type { Ledger } from '../../src/app/ports/ledger.ts';
import { consolePorts } from '../../src/main/open-console.ts';
import { createTestDatabase } from '../support/database.ts';
import { aConsole, askOf, type TestConsole } from './a-console.ts';

const tonight = nightOf(new Date(), 'Europe/Madrid');

let the: TestConsole;
beforeAll(async () => {
  the = await aConsole('console pages');
});
afterAll(() => the.close());

const page = async (path: string) => (await the.ask(path)).body.replaceAll(/\s+/g, ' ');
/** What people read. */
const textOf = (body: string) =>
  body
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ');

describe('the overview', () => {
  it('says first what needs a person, since when, what to do and where', async () => {
    const body = await page('/');
    const text = textOf(body);
    expect(text).toMatch(/things need a person the first for \d+ s/);
    expect(text).toContain('1 lead of acme in doubt: the lead may have arrived for');
    expect(text).toContain(
      'Ask the insurer, then resolve each row. On a terminal: leadsync in-doubt --partner acme --kind lead',
    );
    expect(body).toContain('href="/rows?partner=acme&amp;kind=lead&amp;state=in_doubt"');
    expect(text.indexOf('in doubt')).toBeLessThan(text.indexOf('Worth knowing'));
    expect(text.indexOf('Worth knowing')).toBeLessThan(text.indexOf('1 lead of acme rejected'));
  });

  it('tells of services that are not alive, as nobody else would', async () => {
    const idle = textOf(await page('/'));
    expect(idle).toContain('No service that takes in files is alive');
    expect(idle).toContain('None is alive. leadsync run starts one.');
    await the.ports.ledger.enrol({ id: 'one', host: 'host-1', pid: 1, roles: ['intake', 'worker'] });
    const alive = textOf(await page('/'));
    expect(alive).not.toContain('is alive. leadsync run');
    expect(alive).toMatch(/host-1 intake, worker up for \d+ s/);
  });

  it('shows last night’s files with how far each has come, and all rows by outcome', async () => {
    const body = await page('/');
    expect(textOf(body)).toMatch(/1 acme export-of-monday\.csv .* 99 % of 4 1 in doubt 1 failed 1 rejected/);
    expect(body).toContain('aria-label="1 registered · 1 rejected · 1 failed · 1 in doubt"');
    for (const state of ['registered', 'failed', 'in_doubt'])
      expect(body).toContain(`href="/rows?partner=acme&amp;kind=lead&amp;state=${state}"`);
  });

  it('puts what somebody knows of already below what is news', async () => {
    const { alarms, ledger } = the.example.opened;
    const act = { actor: 'cli:eva', reason: 'asked the insurer' };
    await alarms.acknowledge({ alarm: 'in-doubt:acme:lead', level: 1 }, new Date(Date.now() + 3_600_000), act);
    const text = textOf(await page('/'));
    expect(text).toMatch(/1 thing|One thing/);
    expect(text.indexOf('Known already')).toBeLessThan(text.indexOf('1 lead of acme in doubt'));
    expect(text).toMatch(/Known until .* by cli:eva: asked the insurer/);
    await alarms.withdraw('in-doubt:acme:lead', act);
    expect(await ledger.counts()).toHaveLength(4);
  });

  it('tells the night partner by partner: what was expected, what came, what has become of it', async () => {
    const partner = the.example.opened.partners.get('acme');
    if (partner === null) throw new Error('unreachable');
    const expected = { kind: 'leads', files: 2, by: '00:01', from: '00:00', days: [...weekdays] } as const;
    const expecting = { ...partner, expect: [expected] };
    const partners = { get: () => expecting, list: () => [expecting], isBroken: () => false };
    // It has been expected for days.
    const since = new Date(Date.now() - 48 * 3_600_000);
    const watched = new Map([['acme', { lookedTo: since, expects: new Map([[keyOf(expected), since]]) }]]);
    const nights = {
      ...the.ports.nights,
      watch: async () => ({ ...(await the.ports.nights.watch()), partners: watched }),
    };
    const text = textOf((await askOf(the.beside({}, { partners, nights }), '/')).body);
    expect(text).toMatch(/Night of \d{4}-\d\d-\d\d/);
    expect(text).toMatch(/acme missing 2 leads files by 00:01; came: \d\d:\d\d/);
    expect(text).toContain('1 of 2 leads files of acme came by 00:01');
    // What was not due yet is expected all the same.
    const own = textOf((await askOf(the.beside({}, { partners }), '/partners/acme')).body);
    expect(own).toContain('2 leads files by 00:01');
  });

  it('says how the API does: breaker, halts, pauses, and how calls went', async () => {
    const { ledger } = the.example.opened;
    await ledger.pause('acme', { actor: 'cli:eva', reason: 'a new export' });
    await ledger.halt(
      'default',
      { endpoint: 'altaLead', code: 'API_HALTED_CREDENTIALS', settings: '', row: '1' },
      { firstMs: 1, mostMs: 1 },
    );
    const buckets = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    await the.tallies.add([
      { endpoint: 'clientData', outcome: 'answered', n: 300, ms: 30_000, buckets },
      { endpoint: 'clientData', outcome: 'ambiguous', n: 100, ms: 100, buckets },
      { endpoint: 'clientData', outcome: 'withheld', n: 7, ms: 0, buckets },
    ]);
    const text = textOf(await page('/'));
    expect(text).toContain('Breaker: closed; 10 calls a second.');
    expect(text).toMatch(/Paused: work of acme since .* by cli:eva: a new export/);
    expect(text).toMatch(/Halted: altaLead since .*, API_HALTED_CREDENTIALS\./);
    expect(text).toContain('400 in all, 400 in the busiest minute, 25 % went badly');
    expect(text).toMatch(/client check 400 100 \(25 %\) 75 ms/);
    await ledger.endPauses(null, { actor: 'cli:eva', reason: 'done' });
    await ledger.endHalts('default', 'all', { actor: 'cli:eva', reason: 'done' });
  });
});

describe('the charts of the overview', () => {
  it('say in words what they show: rows a minute, and how much there was to do', async () => {
    const { db, close } = openDatabase(the.example.url, { max: 1 });
    const backlog = createBacklogMinutes(db);
    let minute = 0;
    const notes = createBacklogNotes({ ledger: the.ports.ledger, backlog }, { monotonicMs: () => minute * 60_000 });
    await sql`insert into backlog_minute select date_trunc('minute', clock_timestamp()) - n * interval '1 minute', kind, n * 100
      from generate_series(1, 20) n, (values ('lead'), ('update')) v (kind)`.execute(db);
    await notes.tick();
    const noted = await backlog.lastMinutes(1);
    expect(noted.map(({ kind, rows }) => [kind, rows])).toEqual([
      ['lead', 0],
      ['update', 0],
    ]);
    // Once a minute; a minute that was noted stays.
    await the.ports.tallies.lastMinutes(1);
    minute = 0.5;
    await notes.tick();
    await backlog.note({ lead: 7, update: 7 });
    expect(await backlog.lastMinutes(1)).toEqual(noted);
    await close();
    const body = await page('/');
    expect(body).toContain(
      'aria-label="Rows still to be done over the last hour: 4,000 at first, 4,000 at most, 0 now"',
    );
    expect(body).toContain('aria-label="Rows a minute over the last hour: 300 in all, 300 in the busiest minute"');
  });
});

describe('the files', () => {
  it('are listed newest first, with filters that stand in the address', async () => {
    expect(textOf(await page('/files'))).toMatch(
      /1 acme export-of-monday\.csv \d{4}-\d\d-\d\d \d\d:\d\d read 99 % of 4/,
    );
    const none = await page('/files?partner=nobody&state=held');
    expect(textOf(none)).toContain('No file fits');
    expect(none).toContain('<option value="held" selected>');
    expect(none).toContain('<option value="nobody" selected>');
  });

  it('lead to one file with its outcomes, its history and where it came from', async () => {
    const body = await page('/files/1');
    const text = textOf(body);
    expect(text).toContain('File 1 of acme read');
    expect(text).toContain('export-of-monday.csv');
    expect(text).toContain('99 % of 4 rows');
    expect(body).toContain('href="/rows?file=1&amp;state=in_doubt"');
    for (const action of ['file.arrived', 'file.reading', 'file.read']) expect(text).toContain(action.split('.')[1]);
  });

  it('explain a held one and say what to do', async () => {
    const { ledger } = the.example.opened;
    await ledger.holdFile('1', { actor: 'cli:eva', reason: 'looks odd' });
    const text = textOf(await page('/files/1'));
    expect(text).toContain('FILE_HELD');
    expect(text).toContain('What to do:');
    expect(text).toContain('"looks odd", by cli:eva');
    await ledger.releaseFile('1', { actor: 'cli:eva', reason: 'fine' });
  });

  it.each(['/files/99', '/files/abc', '/files/1%00', '/files/999999999999999999999'])('know no %s', async (path) => {
    const answer = await the.ask(path);
    expect([answer.status, textOf(answer.body).includes('No such file')]).toEqual([404, true]);
  });
});

describe('the rows', () => {
  it.each([
    ['', ['CRM-1', 'CRM-2', 'CRM-3', 'CRM-4']],
    ['?state=in_doubt', ['CRM-2']],
    ['?state=IN+DOUBT&partner=acme&kind=leads', ['CRM-2']],
    ['?code=api_ko', ['CRM-3']],
    ['?file=1&state=rejected', ['CRM-4']],
    ['?since=1h', ['CRM-1', 'CRM-2', 'CRM-3', 'CRM-4']],
    ['?until=2020-01-01', []],
    [`?night=${tonight}`, ['CRM-1', 'CRM-2', 'CRM-3', 'CRM-4']],
    ['?night=2026-01-01&partner=acme', []],
    ['?partner=nobody', []],
    ['?partner=%00acme', ['CRM-1', 'CRM-2', 'CRM-3', 'CRM-4']],
  ])('are those that fit %s', async (query, ids) => {
    const answer = await the.ask(`/rows${query}`);
    expect(answer.status).toBe(200);
    expect(answer.body.match(/CRM-\d/g) ?? []).toEqual(ids);
  });

  it('keep the filter in the form and explain a code', async () => {
    const body = await page('/rows?state=rejected&code=ROW_NIF_INVALID&since=7d');
    expect(body).toContain('<option value="rejected" selected>');
    expect(body).toContain('<option value="ROW_NIF_INVALID" selected>');
    expect(body).toContain('value="7d"');
    expect(textOf(body)).toContain('ROW_NIF_INVALID : The NIF is not valid');
  });

  it.each([
    ['state=nonsense', 'state “nonsense”: Expected a state of a row.'],
    ['since=yesterday', 'Expected 2h, 7d, 2026-06-01 or 2026-06-01 02:30.'],
    ['file=x', 'Expected the number of a file.'],
    ['night=monday', 'Expected a date such as 2026-11-24.'],
    ['code=<script>', 'code “&lt;script&gt;”: Expected a fault code such as API_KO.'],
  ])('are not listed when %s is asked for, and it says why', async (query, said) => {
    const answer = await the.ask(`/rows?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(said);
    expect(answer.body).not.toContain('CRM-1');
  });

  it('say how many there are where the counters know', async () => {
    expect(textOf(await page('/rows'))).toContain('4 rows, newest file first');
    expect(textOf(await page('/rows?file=1'))).toContain('4 rows, as in the file');
    expect(textOf(await page('/rows?state=failed'))).toContain('1 row ');
  });
});

describe('a lead', () => {
  it('is told from its file to its last attempt, with what can be done', async () => {
    const { id, attemptId } = await the.example.row('CRM-2');
    const body = await page(`/leads/${id}`);
    const text = textOf(body);
    expect(text).toContain(`Lead, row ${id} of acme in doubt`);
    expect(text).toContain('API_NO_ANSWER');
    const told = ['received → checked', 'checked → submitting', 'submitting → in_doubt'].map((move) =>
      text.indexOf(move),
    );
    expect(told.every((at) => at > 0) && told.toSorted((a, b) => a - b)).toEqual(told);
    expect(text).toContain(`X-Request-Id ${attemptId}`);
    expect(text).toContain('maybe written');
    expect(text).toContain(`leadsync resolve ${id} --send-again`);
    expect(body).toContain('href="/files/1"');
    expect(text).toContain('partnerLeadId CRM-2');
  });

  it('shows nothing of a person', async () => {
    const { id } = await the.example.row('CRM-1');
    for (const path of [`/leads/${id}`, '/rows', '/files/1', '/', '/metrics']) {
      const body = await page(path);
      for (const personal of ['00000001R', 'Sintética', 'Ana ', 'Acme S.L.'])
        expect([path, body.includes(personal)]).toEqual([path, false]);
    }
  });

  it('shows what an attempt sent, closed, with nothing of a person in it, and what is kept of its answer', async () => {
    const { id } = await the.example.row('CRM-1');
    const body = await page(`/leads/${id}`);
    expect(body).toMatch(/<details class="call">\s*<summary>Request and answer<\/summary>/);
    const text = textOf(body.split('<details class="call">')[1]?.split('</details>')[0] ?? '');
    expect(text).toContain('POST /alta-lead');
    expect(text).toContain('partnerLeadId CRM-1');
    expect(text).toContain('agenteId 0051245');
    expect(text).toContain('dni •••• (9)');
    expect(text).toContain('name •••• (13)');
    expect(text).toMatch(/Answer: HTTP 200 leadId L-1 idLanding IL-1/);
    const doubt = await page(`/leads/${(await the.example.row('CRM-2')).id}`);
    expect(textOf(doubt)).toContain('Answer: none');
  });

  it('leads back to the listing that it came from, and to no other place', async () => {
    const { id } = await the.example.row('CRM-1');
    const from = (referer: string) => the.ask({ url: `/leads/${id}`, headers: { referer } });
    expect((await from('http://127.0.0.1:7070/rows?state=registered')).body).toContain('href="/rows?state=registered"');
    expect((await from('http://evil.example/rows?x=1')).body).toContain('<a href="/rows">‹ Rows</a>');
  });

  it('is found by ls- and its number, too; others are not', async () => {
    const { id } = await the.example.row('CRM-3');
    expect((await the.ask(`/leads/ls-${id}`)).status).toBe(200);
    for (const path of ['/leads/99', '/leads/CRM-3', "/leads/1'"]) expect((await the.ask(path)).status).toBe(404);
  });
});

describe('what partners write', () => {
  it('is text, and what is personal in a name or an id is masked', async () => {
    const { ledger, vault } = the.example.opened;
    const key = await vault.keyFor('acme');
    const { file } = await ledger.acceptFile({
      partner: 'acme',
      kind: 'leads',
      keyId: key.id,
      name: key.seal('<img src=x onerror=alert(1)> 00000001R ana@ejemplo.example.csv'),
      sha256: 'a'.repeat(64),
      bytes: 10,
      configVersion: 'test',
      dueAt: null,
      again: false,
      actor: 'test',
    });
    for (const path of ['/', '/files', `/files/${file.id}`]) {
      const body = await page(path);
      expect(body).toContain('&lt;img src=x onerror=alert(1)&gt; [NIF] [e-mail]');
      expect(body).not.toMatch(/<img|00000001R|ana@/);
    }
  });
});

describe('a console of an empty ledger', () => {
  it('says on each page what will be there', async () => {
    const database = await createTestDatabase('console empty');
    const { db, close } = openDatabase(database.url, { max: 2 });
    await migrateLedger(db);
    const partners = { get: () => null, list: () => [], isBroken: () => false };
    const empty = the.beside({}, { ...consolePorts(db, { ...the.ports, partners }) });
    for (const [path, says] of [
      ['/', 'None ever has: a file in a partner’s inbox shows here.'],
      ['/files', 'No file has arrived yet'],
      ['/rows', 'No row yet'],
      ['/in-doubt', 'Nothing is in doubt'],
      ['/replays', 'No replay yet'],
      ['/replays/new', 'Nothing to replay'],
      ['/partners', 'No partner yet'],
      ['/deliveries', 'Nothing was told to anybody yet'],
      ['/erasures', 'Nobody was erased yet'],
      ['/audit', 'No such event'],
      ['/search', 'Search'],
    ] as const) {
      const { status, body } = await askOf(empty, path);
      expect([path, status]).toEqual([path, 200]);
      expect(textOf(body)).toContain(says);
    }
    await close();
    await database.drop();
  });
});

describe('when the ledger does not answer', () => {
  it('each page says so in a code, logs it, and tells nothing of what the database said', async () => {
    const broken = new Proxy({} as Ledger, {
      get: () => async () => {
        throw Object.assign(new Error('Key (dni)=(00000001R) is on fire'), { code: '57P01' });
      },
    });
    const dark = the.beside({}, { ledger: broken });
    for (const path of ['/', '/files', '/rows', '/leads/1']) {
      const answer = await askOf(dark, path);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(textOf(answer.body)).toContain('The ledger does not answer This page could not be made: 57P01');
      expect(answer.body).not.toContain('00000001R');
    }
    expect(the.events).toContainEqual(['pageFailed', { route: '/leads/:id', code: '57P01' }]);
    const gone = openDatabase('postgresql://nobody@127.0.0.1:1/none', { max: 1 });
    const cut = the.beside({}, consolePorts(gone.db, the.ports));
    for (const path of [
      '/files/1',
      '/in-doubt',
      '/replays',
      '/replays/new?partner=acme',
      '/replays/1',
      '/partners',
      '/partners/acme',
      '/deliveries',
      '/deliveries/1',
      '/erasures',
      '/audit',
    ]) {
      const answer = await askOf(cut, path);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(textOf(answer.body)).toContain('The ledger does not answer');
    }
    await gone.close();

    expect((await askOf(dark, '/healthz')).status).toBe(200);
    expect((await askOf(dark, '/readyz')).status).toBe(503);
    expect((await the.ask('/readyz')).status).toBe(200);
  });

  it('answers what it has no page for, and what can not be read', async () => {
    expect((await the.ask('/nope')).status).toBe(404);
    expect((await the.ask('/leads/%ff')).status).toBe(400);
    expect((await the.ask({ method: 'POST', url: '/files', payload: 'x'.repeat(100_000) })).status).toBe(404);
    expect(
      (
        await the.ask({
          method: 'POST',
          url: '/login',
          payload: 'x'.repeat(100_000),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).status,
    ).toBe(413);
  });
});
