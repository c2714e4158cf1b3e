import { readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { createUploads } from '../../src/adapters/files/uploads.ts';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { localTimeAt } from '../../src/domain/local-time.ts';
import { aConsole, aUser, fieldsOf, textOf, type Session, type TestConsole } from './a-console.ts';

const users = [aUser('ana', 'operator'), aUser('luis', 'viewer')];

let the: TestConsole;
let ana: Session;
let luis: Session;
beforeAll(async () => {
  the = await aConsole('console listing', { users });
  [ana, luis] = [await the.logIn('ana'), await the.logIn('luis')];
});
afterAll(() => the.close());

const reason = 'ticket 8812';

/** As a browser sends the form: its fields first, then the file. */
function multipart(fields: Readonly<Record<string, string>>, csv: string) {
  const boundary = '----------------------------leadsync';
  const part = (head: string, body: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
  const parts = Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value));
  const file = part('name="file"; filename="listing.csv"\r\nContent-Type: text/csv', csv);
  return {
    method: 'POST' as const,
    url: '/in-doubt/listing',
    payload: `${parts.join('')}${file}--${boundary}--\r\n`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'sec-fetch-site': 'same-origin' },
  };
}

const nowTyped = (): string => {
  const { date, time } = localTimeAt(new Date(), 'Europe/Madrid');
  return `${date}T${time}`;
};

async function upload(who: Session, csv: string, typed: Readonly<Record<string, string>> = {}) {
  const form = fieldsOf((await ana.ask('/in-doubt')).body, '/in-doubt/listing');
  const own = who === ana ? form : {};
  return who.ask(multipart({ ...own, asOf: nowTyped(), partner: '', ...typed }, csv));
}

const header = 'leadId;partnerLeadId;fecha\n';
const listing = `${header}L-1;CRM-1;2026-11-28T10:00:00Z\nL-2;CRM-2;2026-11-28T10:00:00Z\n`;

describe('a listing of the insurer', () => {
  it('is compared and shown with what would follow, and nothing is done yet', async () => {
    // A listing with one minute of the moment before in it.
    const { db, close } = openDatabase(the.example.adminUrl, { max: 1 });
    await sql`update attempt set begun_at = begun_at - interval '1 hour', ended_at = ended_at - interval '1 hour'`.execute(
      db,
    );
    await close();
    const shown = await upload(ana, listing);
    expect(shown.status).toBe(200);
    expect(textOf(shown.body)).toMatch(/Get their leadId: 1 row 2 L-2/);
    expect((await the.example.row('CRM-2')).state).toBe('in_doubt');
    expect(shown.body).not.toContain('00000002W');
  });

  it('is carried out with a reason, by its uploader, if the same still follows', async () => {
    const { body } = await upload(ana, listing);
    const form = fieldsOf(body, '/in-doubt/listing/carry-out');
    const changed = await ana.post('/in-doubt/listing/carry-out', { ...form, seen: 'something else', reason });
    expect([changed.status, textOf(changed.body).includes('something else would follow')]).toEqual([409, true]);
    const done = await ana.post('/in-doubt/listing/carry-out', { ...form, reason });
    expect(textOf(done.body)).toContain('1 registered · 0 back to work');
    expect(await the.example.row('CRM-2')).toMatchObject({ state: 'registered', leadId: 'L-2' });
    const history = await the.ports.ledger.history((await the.example.row('CRM-2')).id);
    expect(history.at(-1)).toMatchObject({ action: 'row.resolved_lead_id', actor: 'console:ana', reason });
    const again = await ana.post('/in-doubt/listing/carry-out', { ...form, reason });
    expect([again.status, textOf(again.body).includes('not here any more')]).toEqual([404, true]);
  });
});

describe('an upload', () => {
  it.each([
    ['of no listing', 'a;b\n1;2\n', {}, 'Expected the columns leadId and partnerLeadId'],
    ['that is empty', '', {}, 'empty, or none was chosen'],
    ['without its time', listing, { asOf: '' }, 'Say when the insurer took the listing'],
    ['of the future', listing, { asOf: '2099-01-01T00:00' }, 'in the future'],
    ['that is too long', header + 'L-9;CRM-9;x\n'.repeat(10_000), {}, 'at most'],
    ['of a stranger’s', listing, { partner: 'nobody' }, 'There is no such partner'],
  ])('%s is refused, says why, and is not kept', async (_what, csv, typed, says) => {
    const refused = await uploadAnew(csv, typed);
    expect([refused.status, refused.text.includes(says)], refused.text).toEqual([400, true]);
    expect(refused.left).toEqual([]);
  });

  it('takes an operator, the token of our page, and our page: else nothing of it is written', async () => {
    const viewer = await uploadAnew(listing, {}, luis);
    const token = await uploadAnew(listing, { form: 'x' });
    const site = await uploadAnew(listing, {}, ana, 'cross-site');
    expect([viewer.status, token.status, site.status]).toEqual([403, 403, 403]);
    expect([viewer.left, token.left, site.left]).toEqual([[], [], []]);
  });

  it.each([
    ['cut off', (body: string) => body.slice(0, 150)],
    ['without its boundary', (body: string) => body.replaceAll('leadsync', 'others')],
  ])('of a form that is %s is the browser’s fault', async (_what, spoil) => {
    const form = multipart({}, listing);
    const answer = await ana.ask({ ...form, payload: spoil(form.payload) });
    expect([answer.status, textOf(answer.body).includes('could not be read')]).toEqual([400, true]);
  });

  it('is a file for us alone, kept for its owner until its time is over', async () => {
    const uploads = createUploads({ mostBytes: 100, keptMs: 50 });
    const content = async function* (text: string) {
      yield Buffer.from(text);
    };
    const taken = await uploads.take('ana', content('a;b\n1'));
    if (taken === null) throw new Error('unreachable');
    expect(taken).toMatchObject({ bytes: 5, endsOpen: true });
    expect((await stat(taken.path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(taken.path))).mode & 0o777).toBe(0o700);
    expect([uploads.find(taken.token, 'bea'), uploads.find(taken.token, 'ana')?.bytes]).toEqual([null, 5]);
    expect(await uploads.take('ana', content('x'.repeat(101)))).toBeNull();
    await expect.poll(() => uploads.find(taken.token, 'ana')).toBeNull();
    await expect.poll(() => readdir(dirname(taken.path))).toEqual([]);
    await uploads.close();
    await expect(stat(dirname(taken.path))).rejects.toThrow('ENOENT');
  });

  /** On a console whose uploads can be looked at. */
  async function uploadAnew(csv: string, typed: Readonly<Record<string, string>>, who = ana, site = 'same-origin') {
    const uploads = createUploads({ mostBytes: 100_000 });
    const paths: string[] = [];
    const watched = {
      ...uploads,
      take: async (...given: Parameters<typeof uploads.take>) => {
        const taken = await uploads.take(...given);
        if (taken !== null) paths.push(taken.path);
        return taken;
      },
    };
    const app = the.beside({ users }, { uploads: watched });
    await app.ready();
    const home = await app.inject({ url: '/files/1', headers: { host: '127.0.0.1:7070', cookie: who.cookie } });
    const form = /name="form" value="([^"]+)"/.exec(home.body)?.[1] ?? '';
    const request = multipart({ form, asOf: nowTyped(), partner: '', ...typed }, csv);
    const headers = { ...request.headers, 'sec-fetch-site': site, host: '127.0.0.1:7070', cookie: who.cookie };
    const answer = await app.inject({ ...request, headers });
    const folder = paths[0] === undefined ? null : dirname(paths[0]);
    const look = async () => (folder === null ? [] : readdir(folder));
    // Who may not is answered first.
    if (answer.statusCode === 403) await expect.poll(look).toEqual([]);
    const left = await look();
    await uploads.close();
    return { status: answer.statusCode, text: textOf(answer.body), left };
  }
});

describe('what to ask the insurer', () => {
  it('is a CSV for an operator who says why, and is audited before its first line', async () => {
    const { db, close } = openDatabase(the.example.adminUrl, { max: 1 });
    await sql`set session_replication_role = replica`.execute(db);
    const { id } = await the.example.row('CRM-2');
    await sql`update ledger_row set state = 'in_doubt', lead_id = null where id = ${id}`.execute(db);
    await close();
    const csv = await ana.post('/in-doubt/ask', { partner: '', reason });
    expect(csv.headers['content-disposition']).toBe('attachment; filename="ask-the-insurer.csv"');
    expect(csv.body).toMatch(/^\uFEFF?row;kind;partner;partnerLeadId;.*\r?\n\d+;lead;acme;CRM-2;/);
    expect(await the.audited('rows.exported')).toHaveLength(1);
    expect((await luis.post('/in-doubt/ask', { partner: '', reason })).status).toBe(403);
    expect((await ana.post('/in-doubt/ask', { partner: '' })).status).toBe(400);
  });
});
