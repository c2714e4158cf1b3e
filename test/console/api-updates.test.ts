import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { openUpdate } from '../../src/app/row-payload.ts';
import { runCommand } from '../cli/a-cli.ts';
import { aConsole, type TestConsole } from './a-console.ts';
import { aMachine, machineWith, type Machine } from './an-api.ts';

let the: TestConsole;
let crm: Machine;
beforeAll(async () => {
  the = await aConsole('console api updates');
  crm = aMachine(the, 'crm', 'operator');
});
afterAll(() => the.close());

describe('POST /api/updates', () => {
  it('enters one update, by whatever id the lead is named, as the command line does', async () => {
    const lead = await the.example.row('CRM-1');
    const names = ['L-1', 'IL-1', 'CRM-1', `ls-${lead.id}`];
    for (const [at, name] of names.entries()) {
      const answer = await crm.post('/updates', {
        updates: [{ lead: name, estado: String(at + 1), observacion: `paso ${at}` }],
      });
      expect([answer.status, answer.json], answer.text).toEqual([
        200,
        { entered: 1, refused: 0, results: [{ id: expect.any(String), leadRow: lead.id, leadState: 'registered' }] },
      ]);
      const row = await the.ports.ledger.row(answer.json.results[0].id);
      expect(row).toMatchObject({ kind: 'update', state: 'received', leadRow: lead.id, leadId: 'L-1' });
      if (row === null) throw new Error('unreachable');
      expect(await openUpdate(the.ports.vault, row)).toMatchObject({
        estado: String(at + 1),
        observacion: `paso ${at}`,
      });
      const history = await the.ports.ledger.history(row.id);
      expect(history.map(({ actor }) => actor)).toEqual(['console-api:crm']);
    }
    const typed = await runCommand(['update', 'CRM-1', '--estado', '5', '--observacion', 'visto'], {
      opened: the.example.opened,
    });
    expect(typed.stdout).toMatch(/^status update, row \d+, of the lead of row \d+$/);
    const life = (await crm.get(`/leads/${lead.id}`)).json;
    expect(life.updates.map(({ estado }: { estado: string }) => estado)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('enters many, in the order of the request, and judges each by itself', async () => {
    const answer = await crm.post('/updates', {
      updates: [
        { lead: 'CRM-1', estado: '6' },
        { lead: 'nobody', estado: '6' },
        { lead: 'CRM-4', estado: '6' },
        { lead: 'CRM-1', estado: 'not a number' },
        { lead: 'CRM-2', estado: '6' },
        { lead: 'CRM-1', estado: '7' },
      ].map((update) => ({ ...update, observacion: 'visto' })),
    });
    expect(answer.json).toMatchObject({ entered: 3, refused: 3 });
    const told = answer.json.results.map((result: { error?: { code: string }; leadState?: string }) =>
      result.error === undefined ? result.leadState : result.error.code,
    );
    expect(told).toEqual([
      'registered',
      'ROW_LEAD_UNKNOWN',
      'ROW_LEAD_NOT_CREATED',
      'ROW_CODE_UNKNOWN',
      'in_doubt',
      'registered',
    ]);
    for (const { error } of answer.json.results.filter((result: object) => 'error' in result))
      expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
    const ids = answer.json.results.flatMap(({ id }: { id?: string }) => (id === undefined ? [] : [BigInt(id)]));
    expect(ids).toEqual(ids.toSorted((a: bigint, b: bigint) => (a < b ? -1 : 1)));
  });

  it('leads a repeated row to its lead, and is told of one that means several', async () => {
    const answer = await crm.post('/updates', { updates: [{ lead: '00000001R', estado: '6' }] });
    expect(answer.json.results[0].error.code).toBe('ROW_LEAD_UNKNOWN');
    expect(answer.text).not.toContain('00000001R');
  });

  it('takes the role, and refuses what it can not read', async () => {
    const viewer = aMachine(the, 'luis', 'viewer');
    const update = { lead: 'CRM-1', estado: '8' };
    expect((await viewer.post('/updates', { updates: [update] })).status).toBe(403);
    for (const body of [
      {},
      { updates: [] },
      { updates: update },
      { updates: [{ ...update, nif: '00000001R' }] },
      { updates: [{ lead: 'CRM-1' }] },
      { updates: [{ lead: 'CRM-1', estado: 20 }] },
      { updates: [{ ...update, observacion: 'x'.repeat(4_001) }] },
      { updates: [{ ...update, observacion: 'a\0b' }] },
      { updates: Array.from({ length: 101 }, () => update) },
    ]) {
      const answer = await crm.post('/updates', body);
      expect([answer.status, answer.json.error.code]).toEqual([400, 'CONSOLE_REQUEST_INVALID']);
      expect(answer.text).not.toContain('00000001R');
    }
    const long = 'á'.repeat(4_000);
    const many = Array.from({ length: 100 }, () => ({ lead: 'nobody', estado: '8', observacion: long }));
    expect((await crm.post('/updates', { updates: many })).json).toMatchObject({ entered: 0, refused: 100 });
    expect((await crm.post('/updates', `{"updates":[],"x":"${'x'.repeat(3_000_000)}"}`)).status).toBe(413);
  });

  it('enters none where the ledger belongs to no API', async () => {
    const surroundings = { ...the.example.opened.surroundings, environment: 'not set (LEADS_API_URL)' };
    const answer = await machineWith(crm.token, the.beside({ surroundings })).post('/updates', {
      updates: [{ lead: 'CRM-1', estado: '8' }],
    });
    expect([answer.status, answer.json.error.code]).toEqual([409, 'CONSOLE_NOT_POSSIBLE']);
  });
});

describe('an Idempotency-Key', () => {
  const update = (estado: string) => ({ updates: [{ lead: 'CRM-1', estado, observacion: 'por clave' }] });
  const keyed = (key: string) => ({ 'idempotency-key': key });
  const updatesOf = async () => {
    const { id } = await the.example.row('CRM-1');
    return (await the.ports.ledger.updatesOf(id)).length;
  };

  it('has a request carried out once, and answers as it was answered, at every console of the ledger', async () => {
    const before = await updatesOf();
    const first = await crm.post('/updates', update('11'), keyed('export-11'));
    const again = await crm.post('/updates', update('11'), keyed('export-11'));
    const beside = await machineWith(crm.token, the.beside({})).post('/updates', update('11'), keyed('export-11'));
    expect([first.status, first.headers['idempotency-replayed']]).toEqual([200, undefined]);
    for (const other of [again, beside])
      expect([other.status, other.headers['idempotency-replayed'], other.json]).toEqual([200, 'true', first.json]);
    expect(await updatesOf()).toBe(before + 1);
    // Without one, each is entered.
    await crm.post('/updates', update('11'));
    expect(await updatesOf()).toBe(before + 2);
  });

  it('of two at once lets one through', async () => {
    const before = await updatesOf();
    const answers = await Promise.all([1, 2, 3, 4].map(() => crm.post('/updates', update('12'), keyed('export-12'))));
    expect(await updatesOf()).toBe(before + 1);
    for (const { status, json } of answers.filter((answer) => answer.status !== 200))
      expect([status, json.error.code]).toEqual([409, 'CONSOLE_KEY_UNDER_WAY']);
    expect((await crm.post('/updates', update('12'), keyed('export-12'))).headers['idempotency-replayed']).toBe('true');
  });

  it('is of one machine user, for one request', async () => {
    await crm.post('/updates', update('13'), keyed('export-13'));
    const other = await crm.post('/updates', update('14'), keyed('export-13'));
    expect([other.status, other.json.error.code]).toEqual([422, 'CONSOLE_KEY_REUSED']);
    const elsewhere = aMachine(the, 'other', 'operator');
    expect((await elsewhere.post('/updates', update('14'), keyed('export-13'))).json.entered).toBe(1);
    for (const key of ['', 'x'.repeat(101), 'two words']) {
      const refused = await crm.post('/updates', update('15'), keyed(key));
      expect([refused.status, refused.json.error.code]).toEqual([400, 'CONSOLE_REQUEST_INVALID']);
    }
  });

  it('is not used up by a refusal, and stays where nobody knows whether it was done', async () => {
    const surroundings = { ...the.example.opened.surroundings, environment: 'not set (LEADS_API_URL)' };
    const unset = machineWith(crm.token, the.beside({ surroundings }));
    expect((await unset.post('/updates', update('16'), keyed('export-16'))).status).toBe(409);
    expect((await crm.post('/updates', update('16'), keyed('export-16'))).json.entered).toBe(1);
    const { ledger } = the.ports;
    const gone = {
      ...ledger,
      async enterUpdate(...entering: Parameters<typeof ledger.enterUpdate>) {
        await ledger.enterUpdate(...entering);
        throw Object.assign(new Error('connection lost'), { code: '57P01' });
      },
    };
    const before = await updatesOf();
    const dying = machineWith(crm.token, the.beside({}, { ledger: gone }));
    expect((await dying.post('/updates', update('17'), keyed('export-17'))).status).toBe(503);
    const again = await crm.post('/updates', update('17'), keyed('export-17'));
    expect([again.status, again.json.error.code]).toEqual([409, 'CONSOLE_KEY_UNDER_WAY']);
    expect(await updatesOf()).toBe(before + 1);
  });

  it('is forgotten after a day, and never written down as it is', async () => {
    await crm.post('/updates', update('18'), keyed('export-18'));
    const { db, close } = openDatabase(the.example.url, { max: 1 });
    const { rows } = await sql<{ all: string }>`select string_agg(p::text, ' ') as all from console_post p`.execute(db);
    expect(rows[0]?.all).not.toMatch(/export-|por clave|CRM-1/);
    await sql`update console_post set at = at - interval '25 hours'`.execute(db);
    await close();
    const later = await crm.post('/updates', update('18'), keyed('export-18'));
    expect([later.headers['idempotency-replayed'], later.json.entered]).toEqual([undefined, 1]);
  });

  it('begins one replay, and answers with it', async () => {
    const filter = { partner: 'acme', state: 'failed' };
    const { seen } = (await crm.post('/replays/preview', { filter })).json;
    const body = { filter, seen, reason: 'the API is back' };
    const first = await crm.post('/replays', body, keyed('replay-1'));
    const again = await crm.post('/replays', body, keyed('replay-1'));
    expect([first.status, again.status, again.json.replay.id]).toEqual([201, 201, first.json.replay.id]);
    expect((await crm.get('/replays')).json.replays).toHaveLength(1);
  });
});
