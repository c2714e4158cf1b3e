import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    const typed = await runCommand(['update', 'CRM-1', '--estado', '5', '--observacion', 'visto'], { opened: the.example.opened });
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
