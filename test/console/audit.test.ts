import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { createAuditPages } from '../../src/adapters/ledger/audit-pages.ts';
import { sealAudit } from '../../src/app/seal-audit.ts';
import { eventually } from '../support/eventually.ts';
import { aConsole, aUser, fieldsOf, textOf, type Session, type TestConsole } from './a-console.ts';

const users = [aUser('ana', 'operator'), aUser('luis', 'viewer')];

let the: TestConsole;
let ana: Session;
let luis: Session;
beforeAll(async () => {
  the = await aConsole('console audit', { users });
  [ana, luis] = [await the.logIn('ana'), await the.logIn('luis')];
  const { body } = await ana.ask('/files/1');
  await ana.post('/files/1/hold', { ...fieldsOf(body, '/files/1/hold'), reason: 'ticket 8812' });
});
afterAll(() => the.close());

const text = async (path: string, who = luis) => textOf((await who.ask(path)).body);

describe('the audit log', () => {
  it('shows what people did first: who, what, of what, and why', async () => {
    const shown = await text('/audit');
    expect(shown).toMatch(/\d+ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d console:ana file\.held FILE_HELD file 1 ticket 8812/);
    expect(shown).toMatch(/console:luis console\.login .* address 127\.0\.0\.1/);
    expect(shown).not.toContain('worker-1');
  });

  it('narrows by who, event, row, file, partner and time, in the address', async () => {
    const { id } = await the.example.row('CRM-2');
    expect(await text(`/audit?row=${id}`)).toMatch(
      /worker-1 row\.in_doubt submitting → in_doubt API_NO_ANSWER row \d+/,
    );
    expect(await text('/audit?file=1')).toMatch(/console:ana file\.held/);
    expect(await text('/audit?action=file.held')).not.toContain('console.login');
    expect(await text('/audit?actor=console:luis')).not.toContain('file.held');
    expect(await text('/audit?who=all&partner=acme&action=row.failed')).toMatch(/worker-1 row\.failed/);
    expect(await text('/audit?since=1h&action=file.held')).toContain('file.held');
    expect(await text('/audit?until=2020-01-01')).toContain('No such event');
    expect(await text('/audit?until=1h')).toContain('No such event');
    expect(await text('/audit?since=1h&until=2020-01-01')).toContain('No such event');
  });

  it('of what nobody understands lists nothing', async () => {
    const answer = await luis.ask('/audit?since=nonsense&row=x');
    expect(answer.status).toBe(400);
    expect(textOf(answer.body)).toContain('Expected the number of a row.');
    expect(answer.body).not.toContain('<table');
  });

  it('is looked at without a trace in it', async () => {
    const size = async () => (await the.ports.auditTrail.log.size()).entries;
    const before = await size();
    for (const path of ['/audit', '/audit?who=all', '/files/1', '/']) await luis.ask(path);
    expect(await size()).toBe(before);
  });

  it('goes on page by page, and after many events that do not fit', async () => {
    const { db, close } = openDatabase(the.example.url, { max: 1 });
    await sql`insert into audit_event (actor, action) select 'worker-2', 'test.' || n % 2 from generate_series(1, 20100) n`.execute(
      db,
    );
    const pages = createAuditPages(db);
    const first = await pages.page({}, null, 50);
    const second = await pages.page({}, first.next, 50);
    expect([first.events.length, second.events.length]).toEqual([50, 50]);
    expect(Number(second.events[0]?.seq)).toBe(Number(first.events.at(-1)?.seq) - 1);
    const rare = await pages.page({ action: 'row.failed' }, null, 50);
    expect([rare.events.length, rare.lookedAt]).toEqual([0, 20_000]);
    const further = await pages.page({ action: 'row.failed' }, rare.next, 50);
    expect([further.events.length, further.next]).toEqual([1, null]);
    // Before a moment: found among events of two, three, four and five digits by their numbers.
    const moment = new Date();
    await sql`insert into audit_event (actor, action) values ('worker-2', 'test.later')`.execute(db);
    const until = await pages.page({ until: moment }, null, 1);
    expect(until.events[0]?.action).toMatch(/^test\.[01]$/);
    const early = (await pages.page({ rowId: (await the.example.row('CRM-3')).id }, null, 1)).events[0];
    const before = await pages.page({ until: early?.at ?? moment }, null, 50);
    expect(before.events.length).toBeGreaterThan(5);
    expect(before.events.every(({ seq }) => Number(seq) < 20)).toBe(true);
    // What people did is beside all that.
    expect((await pages.page({ isOfPeople: true, action: 'file.held' }, null, 50)).events).toHaveLength(1);
    await close();
    expect(await text('/audit?who=all&action=row.failed')).toContain('20,000 events were looked at for this page');
  });
});

describe('checking it', () => {
  const verify = async () => {
    const { body } = await ana.ask('/audit');
    const begun = await ana.post('/audit/verify', fieldsOf(body, '/audit/verify'));
    expect([begun.status, begun.location]).toEqual([303, '/audit']);
    return eventually('it is checked', async () => {
      const page = await ana.ask('/audit');
      return page.headers['refresh'] === undefined ? textOf(page.body) : null;
    });
  };

  it('says that it is whole, who looked and when; that is an event', async () => {
    const { log, signer } = the.example.opened.auditTrail;
    if (signer === null) throw new Error('unreachable');
    const { ledgerId } = the.example.opened.auditTrail;
    const checkpoints = { append: async () => undefined, newest: async () => 1_000 };
    const { db, close } = openDatabase(the.example.url, { max: 1 });
    // Other tests' transactions on the same server hold a seal back.
    await eventually('what was held is sealed', async () => {
      await sealAudit({ auditLog: log, signer, ledgerId, checkpoints });
      const { rows } = await sql`select from audit_event e join audit_seal s on e.seq = any (s.seqs)
        where e.action = 'file.held'`.execute(db);
      return rows.length > 0;
    });
    await close();
    expect(await verify()).toMatch(
      /whole up to seal \d+ of .* entries, .* no checkpoint from outside the database.* by console:ana/,
    );
    expect(await the.audited('audit.verified')).toHaveLength(1);
  });

  it('finds an entry that was changed', async () => {
    const { db, close } = openDatabase(the.example.adminUrl, { max: 1 });
    await sql`alter table audit_event disable trigger audit_is_append_only`.execute(db);
    await sql`update audit_event set reason = 'another' where action = 'file.held'`.execute(db);
    await close();
    expect(await verify()).toMatch(/It is not as it was sealed: entry \d+ was changed after seal \d+ had closed it/);
  });

  it('takes an operator', async () => {
    expect((await luis.ask('/audit')).body).not.toContain('action="/audit/verify"');
    expect((await luis.post('/audit/verify')).status).toBe(403);
  });
});
