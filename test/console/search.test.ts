import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { indexAllPersons } from '../../src/app/index-persons.ts';
import { aConsole, aUser, askOf, fieldsOf, postOf, textOf, type Session, type TestConsole } from './a-console.ts';
import { aFileOfOne } from './a-file-of-one.ts';

const users = [aUser('ana', 'operator'), aUser('luis', 'viewer')];

let the: TestConsole;
let ana: Session;
let luis: Session;
beforeAll(async () => {
  the = await aConsole('console search', { users });
  [ana, luis] = [await the.logIn('ana'), await the.logIn('luis')];
});
afterAll(() => the.close());

const search = (who: Session, q: string) => who.post('/search', { q });
/** A rejected row of a file of its own, that says this of a person; its number. */
async function aRowOf(fields: Readonly<Record<string, string>>): Promise<string> {
  const refused = { code: 'ROW_PHONE_INVALID', problems: [{ code: 'ROW_PHONE_INVALID', column: 'phone' }] } as const;
  const said = { fields, partnerLeadId: 'CRM-10' };
  const file = await aFileOfOne(the.ports, said, { row: { state: 'rejected', ...refused } });
  const [inserted] = await the.ports.ledger.rows({ fileId: file.id, limit: 1 });
  return inserted?.id ?? '';
}

/** Of all tables: what was ever written down. */
async function everythingWritten(): Promise<string> {
  const { db, close } = openDatabase(the.example.url, { max: 1 });
  const { rows } = await sql<{ all: string }>`select coalesce((select string_agg(e::text, ' ') from audit_event e), '')
    || coalesce((select string_agg(s::text, ' ') from console_search s), '') as all`.execute(db);
  await close();
  return rows[0]?.all ?? '';
}

describe('search', () => {
  it.each([
    ['a partnerLeadId', 'CRM-1', 'CRM-1'],
    ['a leadId', 'L-1', 'CRM-1'],
    ['an idLanding', 'IL-1', 'CRM-1'],
    ['a NIF, however it is written', '00.000.002-w', 'CRM-2'],
  ])('leads from %s to the row, and the address says nothing of it', async (_what, typed, partnerLeadId) => {
    const { id } = await the.example.row(partnerLeadId);
    const answer = await search(luis, typed);
    expect([answer.status, answer.location]).toEqual([303, `/leads/${id}`]);
  });

  it('finds by what is in the index of persons, too', async () => {
    const { persons, vault } = the.example.opened;
    await indexAllPersons({ persons, vault, log: the.ports.log }, () => undefined);
    const { id } = await the.example.row('CRM-3');
    expect((await search(luis, '00000003A')).location).toBe(`/leads/${id}`);
  });

  it.each([
    ['a phone', { phone: '600112233' }, '+34 600 11 22 33'],
    ['an e-mail', { email: 'eva@example.com' }, 'EVA@Example.COM'],
  ])('leads from %s to the row, before the index has it and after', async (_what, fields, typed) => {
    const id = await aRowOf(fields);
    const before = await search(luis, typed);
    expect([before.status, before.location]).toEqual([303, `/leads/${id}`]);
    const { persons, vault } = the.example.opened;
    await indexAllPersons({ persons, vault, log: the.ports.log }, () => undefined);
    expect((await search(luis, typed)).location).toBe(`/leads/${id}`);
    expect(await everythingWritten()).not.toMatch(/600 ?11 ?22 ?33|eva@example/i);
  });

  it('shows several, and none, under a token that is the searcher’s alone and ends', async () => {
    const { id } = await the.example.row('CRM-3');
    const { db, close } = openDatabase(the.example.adminUrl, { max: 1 });
    await sql`update ledger_row set id_landing = 'L-1', version = version + 1 where id = ${id}`.execute(db);
    const answer = await search(luis, 'L-1');
    expect(answer.location).toMatch(/^\/search\/[\w-]{43}$/);
    const page = await luis.ask(answer.location);
    expect(textOf(page.body)).toContain('2 rows, newest first Looked for by id.');
    expect(page.headers['cache-control']).toBe('no-store');
    expect((await ana.ask(answer.location)).status).toBe(404);
    await sql`update console_search set at = at - interval '16 minutes'`.execute(db);
    const over = await luis.ask(answer.location);
    expect([over.status, textOf(over.body).includes('Search once more')]).toEqual([404, true]);
    await close();
    const none = await search(luis, '00000010X');
    expect(textOf((await luis.ask(none.location)).body)).toContain('No row has it');
  });

  it('writes down who searched, by what and how much was found, and never the value', async () => {
    for (const q of ['00000001R', 'nobody@example.com', '612345678']) await search(ana, q);
    const of = { by: 'console /search', persons: [expect.any(String)] };
    const lookedUp = (await the.audited('person.looked_up')).filter(({ actor }) => actor === 'console:ana');
    expect(lookedUp.map(({ detail }) => detail)).toEqual([
      { ...of, rows: 1 },
      { ...of, rows: 0 },
      { ...of, rows: 0 },
    ]);
    await search(ana, 'L-1');
    expect((await the.audited('console.searched')).at(-1)).toMatchObject({
      actor: 'console:ana',
      detail: { by: 'id' },
    });
    expect(await everythingWritten()).not.toMatch(/00000001R|nobody@example|612345678/);
    expect(JSON.stringify(the.events)).not.toMatch(/00000001R|nobody@example|612345678/);
  });

  it('takes something to look for, of our own page', async () => {
    expect((await search(luis, ' ')).status).toBe(400);
    expect((await search(luis, 'x'.repeat(201))).status).toBe(400);
    expect((await luis.post('/search', { q: 'L-1', form: 'x' })).status).toBe(403);
  });

  it('works where nobody can log in: this machine may look', async () => {
    const open = the.beside({ users: [] });
    const { id } = await the.example.row('CRM-1');
    expect((await askOf(open, postOf('/search', { q: 'CRM-1' }))).location).toBe(`/leads/${id}`);
    const foreign = postOf('/search', { q: 'CRM-1' });
    const answer = await askOf(open, { ...foreign, headers: { ...foreign.headers, 'sec-fetch-site': 'cross-site' } });
    expect(answer.status).toBe(403);
  });
});

describe('the personal data of a row', () => {
  const reveal = async (who: Session, id: string, typed: Readonly<Record<string, string>> = {}) => {
    const url = `/leads/${id}/reveal`;
    const form = fieldsOf((await ana.ask(`/leads/${id}`)).body, url);
    return who.post(url, { reason: 'ticket 8812', ...(who === ana ? form : {}), ...typed });
  };

  it('stands on no page until an operator asks for it and says why; that is audited', async () => {
    const { id } = await the.example.row('CRM-2');
    expect((await ana.ask(`/leads/${id}`)).body).not.toMatch(/00000002W|Sintética/);
    const shown = await reveal(ana, id);
    expect(shown.status).toBe(200);
    expect(textOf(shown.body)).toMatch(/dni 00000002W name Ana Sintética/);
    expect(shown.headers['cache-control']).toBe('no-store');
    expect(await the.audited('console.revealed')).toEqual([
      { actor: 'console:ana', detail: { row: id, partner: 'acme' } },
    ]);
    expect(await everythingWritten()).not.toContain('00000002W');
  });

  it('is not for a viewer, nor without a reason, nor by an address', async () => {
    const { id } = await the.example.row('CRM-2');
    const refusedViewer = await reveal(luis, id);
    const refusedReason = await reveal(ana, id, { reason: '' });
    const byAddress = await ana.ask(`/leads/${id}/reveal`);
    expect([refusedViewer.status, refusedReason.status, byAddress.status]).toEqual([403, 400, 404]);
    for (const { body } of [refusedViewer, refusedReason, byAddress]) expect(body).not.toContain('00000002W');
    expect(await the.audited('console.revealed')).toHaveLength(1);
  });

  it('is not shown when it can not be written down that somebody looked', async () => {
    const { id } = await the.example.row('CRM-2');
    const note = the.ports.audit.note;
    const audit = {
      note: async (event: Parameters<typeof note>[0]) => {
        if (event.action === 'console.revealed') throw new Error('the ledger is gone');
        return note(event);
      },
    };
    const console = the.beside({ users }, { audit });
    const page = await askOf(console, { url: `/leads/${id}`, headers: { cookie: ana.cookie } });
    const form = { ...fieldsOf(page.body, `/leads/${id}/reveal`), reason: 'ticket 8812' };
    const request = postOf(`/leads/${id}/reveal`, form);
    const answer = await askOf(console, { ...request, headers: { ...request.headers, cookie: ana.cookie } });
    expect(answer.status).toBe(503);
    expect(answer.body).not.toContain('00000002W');
  });
});
