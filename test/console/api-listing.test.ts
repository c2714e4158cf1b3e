import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { aConsole, type TestConsole } from './a-console.ts';
import { aMachine, type Machine } from './an-api.ts';

let the: TestConsole;
let ana: Machine;
let bea: Machine;
beforeAll(async () => {
  the = await aConsole('console api listing');
  ana = aMachine(the, 'ana', 'operator');
  bea = aMachine(the, 'bea', 'operator');
  // As if the request had left an hour ago.
  const { db, close } = openDatabase(the.example.adminUrl, { max: 1 });
  await sql`update attempt set begun_at = begun_at - interval '1 hour', ended_at = ended_at - interval '1 hour'`.execute(
    db,
  );
  await close();
});
afterAll(() => the.close());

const reason = 'ticket 8812';
const header = 'leadId;partnerLeadId;fecha\n';
const listing = `${header}L-1;CRM-1;2026-11-28T10:00:00Z\nL-2;CRM-2;2026-11-28T10:00:00Z\n`;
const now = () => encodeURIComponent(new Date().toISOString());
const upload = (who: Machine, csv: string, query = `asOf=${now()}`, type = 'text/csv') =>
  who.ask({ method: 'POST', url: `/api/in-doubt/listing?${query}`, payload: csv, headers: { 'content-type': type } });

describe('a listing of the insurer', () => {
  it('is compared, and carried out by who sent it, if the same still follows', async () => {
    const { id } = await the.example.row('CRM-2');
    const shown = await upload(ana, listing);
    expect([shown.status, shown.json.proposal.registered], shown.text).toEqual([200, [{ row: id, leadId: 'L-2' }]]);
    expect((await the.example.row('CRM-2')).state).toBe('in_doubt');
    const asOf = new Date().toISOString();
    const { token, seen } = shown.json;
    const carryOut = (who: Machine, body: object) => who.post('/in-doubt/listing/carry-out', { asOf, reason, ...body });
    expect((await carryOut(bea, { token, seen })).json.error.code).toBe('CONSOLE_NOT_FOUND');
    expect((await carryOut(ana, { token, seen: 'something else' })).json.error.code).toBe('CONSOLE_MOVED_ON');
    const done = await carryOut(ana, { token, seen });
    expect(done.json).toEqual({ registered: 1, sentBack: 0, passedOver: 0, leadIdTaken: 0 });
    expect(await the.example.row('CRM-2')).toMatchObject({ state: 'registered', leadId: 'L-2' });
    const history = await the.ports.ledger.history(id);
    expect(history.at(-1)).toMatchObject({ action: 'row.resolved_lead_id', actor: 'console-api:ana', reason });
    expect((await carryOut(ana, { token, seen })).json.error.code).toBe('CONSOLE_NOT_FOUND');
  });

  it('is carried out once, however many ask for it at the same time', async () => {
    const { token, seen } = (await upload(ana, `${header}L-77;CRM-1;x\n`)).json;
    const before = (await the.audited('reconcile.done')).length;
    const asked = await Promise.all(
      Array.from({ length: 6 }, () =>
        ana.post('/in-doubt/listing/carry-out', { asOf: new Date().toISOString(), reason, token, seen }),
      ),
    );
    expect(asked.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 409, 409, 409, 409, 409,
    ]);
    expect((await the.audited('reconcile.done')).length).toBe(before + 1);
  });

  it('is taken as CSV, by an operator, up to what a host keeps', async () => {
    const lines = header + 'L-9;CRM-9;x\n'.repeat(7_000);
    expect((await upload(ana, lines)).status).toBe(200);
    const refused = await Promise.all([
      upload(ana, lines.repeat(2)),
      upload(ana, listing, `asOf=${now()}`, 'application/json'),
      upload(ana, ''),
      upload(ana, listing, 'asOf=2099-01-01T00:00:00Z'),
      upload(ana, listing, 'complete=yes'),
      upload(ana, listing, `asOf=${now()}&partner=nobody`),
      upload(ana, 'a;b\n1;2\n'),
      upload(aMachine(the, 'luis', 'viewer'), listing),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([413, 415, 400, 400, 400, 400, 400, 403]);
    // And nothing else is.
    const csv = await ana.ask({
      method: 'POST',
      url: '/api/files/1/hold',
      payload: 'reason\nx\n',
      headers: { 'content-type': 'text/csv' },
    });
    expect(csv.status).toBe(415);
  });
});

describe('what to ask the insurer', () => {
  it('is told with a reason, and audited as taken out', async () => {
    const answer = await ana.post('/in-doubt/ask', { partner: 'acme', reason });
    expect(answer.json.csv).toMatch(/^\uFEFFrow;kind;partner;partnerLeadId/);
    const [exported] = await the.audited('rows.exported');
    expect(exported).toMatchObject({ actor: 'console-api:ana', detail: { state: 'in_doubt' } });
    // A name that nobody has may be a person's, and what is audited stays.
    const refused = await ana.post('/in-doubt/ask', { partner: '00000001R', reason });
    expect([refused.status, (await the.audited('rows.exported')).length]).toEqual([400, 1]);
  });
});
