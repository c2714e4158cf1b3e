import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nightOf } from '../../src/domain/night.ts';
import { runCommand } from '../cli/a-cli.ts';
import { aConsole, type TestConsole } from './a-console.ts';
import { aFileOfOne } from './a-file-of-one.ts';
import { aMachine, type Machine } from './an-api.ts';

let the: TestConsole;
let viewer: Machine;
beforeAll(async () => {
  the = await aConsole('console api reads');
  viewer = aMachine(the, 'grafana', 'viewer');
});
afterAll(() => the.close());

/** What the command line prints of the same. */
async function printed(...args: readonly string[]): Promise<unknown> {
  return JSON.parse((await runCommand([...args, '--json'], { opened: the.example.opened })).stdout);
}

describe('what the API reads', () => {
  it('is what the command line prints: the status, the alarms, the breaker', async () => {
    expect((await viewer.get('/status')).json).toEqual(await printed('status'));
    expect((await viewer.get('/alarms')).json).toEqual({ needsPerson: await printed('ack') });
    expect((await viewer.get('/breaker')).json).toEqual(await printed('breaker'));
  });

  it('is what the command line prints: rows, one life, doubts', async () => {
    const rows = (await printed('rows')) as { id: string }[];
    const listed = (await viewer.get('/rows')).json;
    expect(listed).toMatchObject({ all: 4, next: null, lookedAt: null });
    expect(new Map(listed.rows.map((row: { id: string }) => [row.id, row]))).toEqual(
      new Map(rows.map((row) => [row.id, row])),
    );
    const { id } = await the.example.row('CRM-1');
    expect([(await viewer.get(`/leads/${id}`)).json]).toEqual(await printed('lead', 'CRM-1'));
    expect((await viewer.get(`/leads/ls-${id}`)).status).toBe(200);
    const [doubt] = (await viewer.get('/in-doubt')).json.rows;
    const { verdicts, attempt, sendAgainInMs, ...asPrinted } = doubt;
    const [other] = (await printed('in-doubt')) as { sendAgainInMs: number }[];
    expect({ ...asPrinted, sendAgainInMs: 0 }).toEqual({ ...other, sendAgainInMs: 0 });
    expect(sendAgainInMs).toBeGreaterThan(0);
    expect(verdicts.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      'lead_id',
      'no_id',
      'send_again',
      'abandon',
    ]);
    expect(attempt).toMatchObject({ id: doubt.requestId, evidence: 'maybe_written', outcome: 'ambiguous' });
  });

  it('shows a file with its counts and its history', async () => {
    const { files, next } = (await viewer.get('/files')).json;
    expect(next).toBeNull();
    const one = (await viewer.get(`/files/${the.example.fileId}`)).json;
    expect(one).toMatchObject({ ...files[0], rows: { registered: 1, in_doubt: 1, failed: 1, rejected: 1 } });
    expect(one.history.map(({ action }: { action: string }) => action)).toContain('file.read');
    expect((await viewer.get('/files?state=settled')).json.files).toEqual([]);
    expect((await viewer.get('/files/4711')).status).toBe(404);
  });

  it('goes on from page to page by keys, with the filters of the pages', async () => {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const page: { rows: { id: string }[]; next: string | null } = (
        await viewer.get(`/rows?limit=1&partner=acme${after === null ? '' : `&after=${after}`}`)
      ).json;
      ids.push(...page.rows.map(({ id }) => id));
      after = page.next;
    } while (after !== null);
    expect([ids.length, new Set(ids).size]).toEqual([4, 4]);
    const failed = (await viewer.get('/rows?state=failed&code=API_KO&kind=leads&since=2h')).json;
    expect(failed.rows.map(({ state }: { state: string }) => state)).toEqual(['failed']);
    const of = async (night: string) => (await viewer.get(`/rows?night=${night}`)).json.rows.length;
    expect([await of(nightOf(new Date(), 'Europe/Madrid')), await of('2026-01-01')]).toEqual([4, 0]);
    const doubts = (await viewer.get('/in-doubt?partner=acme&kind=updates')).json;
    expect(doubts).toEqual({ rows: [], all: 0, next: null });
  });

  it.each([
    '/rows?state=nonsense',
    '/rows?file=x',
    '/rows?night=2026-02-30',
    '/rows?limit=1000',
    '/rows?limit=0',
    '/audit?since=yesterday',
    '/audit?until=0001-01-01',
    '/rows?since=999999w',
    '/rows?after=999999999999999999',
    '/rows?until=9999-12-31',
    '/in-doubt?kind=x',
    '/rows?state=failed&state=rejected',
    '/files?before=%00',
  ])('lists nothing of what it does not understand: %s', async (path) => {
    const answer = await viewer.get(path);
    expect([answer.status, answer.json.error.code]).toEqual([400, 'CONSOLE_REQUEST_INVALID']);
  });

  it('shows partners, replays and what happened', async () => {
    const { partners } = (await viewer.get('/partners')).json;
    expect(partners).toMatchObject([
      { id: 'acme', config: 'in force', pause: null, newest: { id: the.example.fileId } },
    ]);
    const one = (await viewer.get('/partners/acme')).json;
    expect(one).toMatchObject({ ...partners[0], profiles: [] });
    expect((await viewer.get('/partners/nobody')).status).toBe(404);
    expect((await viewer.get('/replays')).json).toEqual({ replays: [] });
    expect((await viewer.get('/replays/1')).status).toBe(404);
    const { id } = await the.example.row('CRM-3');
    const { events } = (await viewer.get(`/audit?row=${id}`)).json;
    expect(events[0]).toMatchObject({ rowId: id, action: 'row.failed', to: 'failed', code: 'API_KO' });
    const paged = (await viewer.get('/audit?who=all&limit=2')).json;
    expect(paged.events).toHaveLength(2);
    const more = (await viewer.get(`/audit?who=all&limit=2&before=${paged.next}`)).json;
    expect(BigInt(more.events[0].seq)).toBeLessThan(BigInt(paged.events[1].seq));
    expect((await viewer.get('/audit/verification')).json).toEqual({
      state: 'never',
      by: null,
      at: null,
      verdict: null,
    });
  });
});

describe('a search', () => {
  it('finds by a person’s value and by ids, and the audit log knows who looked', async () => {
    const { id } = await the.example.row('CRM-1');
    for (const [text, by] of [
      ['00000001R', 'nif'],
      ['CRM-1', 'id'],
      ['L-1', 'id'],
      [`ls-${id}`, 'id'],
    ]) {
      const found = (await viewer.post('/search', { text })).json;
      expect([text, found.rows.map((row: { id: string }) => row.id), found.by]).toEqual([text, [id], [by]]);
    }
    const [looked] = await the.audited('person.looked_up');
    expect(looked).toMatchObject({ actor: 'console-api:grafana', detail: { by: 'console /api/search', rows: 1 } });
    expect(await the.audited('console.searched')).toContainEqual({
      actor: 'console-api:grafana',
      detail: { by: 'id', found: 1 },
    });
    expect((await viewer.post('/search', { text: 'nothing of the kind' })).json.rows).toEqual([]);
  });
});

describe('no answer', () => {
  it('says who a person is: what is personal in ids, names and messages is masked', async () => {
    const refused = { code: 'ROW_NIF_INVALID', problems: [{ code: 'ROW_NIF_INVALID', column: 'dni' }] } as const;
    const file = await aFileOfOne(
      the.ports,
      { fields: { dni: '00000007F', name: 'Ana Sintética', phone: '600000001' }, partnerLeadId: '00000007F' },
      { name: 'export 00000007F ana@example.com.csv', row: { state: 'rejected', ...refused } },
    );
    const [row] = await the.ports.ledger.rows({ fileId: file.id, limit: 1 });
    const paths = [
      '/status',
      '/files',
      `/files/${file.id}`,
      '/rows',
      `/leads/${row?.id ?? ''}`,
      '/in-doubt',
      '/audit?who=all',
      '/partners',
      '/partners/acme',
      '/alarms',
    ];
    const answers = await Promise.all(paths.map((path) => viewer.get(path)));
    const found = await viewer.post('/search', { text: '00000007F' });
    expect(found.json.rows.map(({ partnerLeadId }: { partnerLeadId: string }) => partnerLeadId)).toEqual(['[NIF]']);
    for (const { status, text } of [...answers, found]) {
      expect(status).toBe(200);
      expect(text).not.toMatch(/0000000\d[A-Z]|Sintética|600000001|ana@example/);
    }
    expect(answers[1]?.text).toContain('export [NIF] [e-mail]');
  });
});
