import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerLead } from '../../src/app/register-lead.ts';
import { resolveInDoubt } from '../../src/app/resolve-in-doubt.ts';
import { kinds, openQueue } from '../adapters/queue/queue-under-test.ts';
import { sweepOrphans } from '../../src/app/sweep.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, delivery, type Workbench } from './a-workbench.ts';

type Intercept = (path: string, body: Record<string, string>, response: ServerResponse) => boolean;

let api: FakeLeadsApi;
let bench: Workbench;
let intercept: Intercept = () => false;

beforeAll(async () => {
  api = await startFakeLeadsApi((path, body, response) => intercept(path, body, response));
  bench = await aWorkbench('register', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});

const register = (rowId: string, jobId = `r${rowId}-v0`, redeliveries = 0) =>
  registerLead(bench.ports, { rowId, version: 0 }, delivery(jobId, redeliveries));
const rowOf = async (id: string) => {
  const row = await bench.ports.ledger.row(id);
  if (row === null) throw new Error('no such row');
  return row;
};
/** Cuts the connection after the create took effect. */
const dropAnswer: Intercept = (path, _body, response) => {
  if (path !== '/alta-lead') return false;
  response.destroy();
  return true;
};
const answer =
  (path: string, status: number, body: unknown): Intercept =>
  (asked, _body, response) => {
    if (asked !== path) return false;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return true;
  };

describe('registerLead', () => {
  it('notes the request in the spool before it leaves, and the answer before the ledger has it', async () => {
    const id = await bench.leadRow();
    const order: string[] = [];
    intercept = (path) => {
      if (path === '/alta-lead') order.push('sent');
      return false;
    };
    const spool = {
      noteRequest: ({ rowId }: { readonly rowId: string }) => order.push(`noted ${rowId}`),
      noteAnswer: ({ leadId }: { readonly leadId?: string }) => order.push(`answered ${leadId}`),
    };
    const { ledger } = bench.ports;
    const watched = {
      ...ledger,
      move: (move: Parameters<typeof ledger.move>[0]) => {
        if (move.to === 'submitting' || move.to === 'registered') order.push(move.to);
        return ledger.move(move);
      },
    };
    await registerLead({ ...bench.ports, spool, ledger: watched }, { rowId: id, version: 0 }, delivery(`r${id}-v0`));
    const { leadId } = await rowOf(id);
    expect(order).toEqual(['submitting', `noted ${id}`, 'sent', `answered ${leadId}`, 'registered']);
  });

  it('sends nothing while the spool can not be written, and blames no row for it', async () => {
    const id = await bench.leadRow();
    intercept = () => false;
    const before = api.creates.length;
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const noRoom = () => {
      throw full;
    };
    const events: unknown[] = [];
    const log = { event: (name: string, fields: object) => events.push([name, fields]) };
    const spool = { noteRequest: noRoom, noteAnswer: noRoom };
    await registerLead({ ...bench.ports, spool, log }, { rowId: id, version: 0 }, delivery(`r${id}-v0`));
    expect(await rowOf(id)).toMatchObject({ state: 'waiting', step: 'create', code: 'SPOOL_UNWRITABLE', attempts: 0 });
    expect(api.creates.length).toBe(before);
    expect(events).toContainEqual(['spoolUnwritable', { code: 'ENOSPC' }]);
  });

  it('commits the intent with its attempt before the create leaves', async () => {
    const id = await bench.leadRow();
    const seen: unknown[] = [];
    intercept = (path, _body, response) => {
      if (path !== '/alta-lead') return false;
      void Promise.all([rowOf(id), bench.ports.ledger.attempts(id)]).then(([row, attempts]) => {
        seen.push(
          row.state,
          row.holder,
          attempts.map((attempt) => [attempt.step, attempt.endedAt === null]),
        );
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ leadId: `before-${id}` }));
      });
      return true;
    };
    expect(await register(id)).toEqual({ kind: 'done', outcome: 'registered' });
    expect(seen).toEqual([
      'submitting',
      bench.ports.instance,
      [
        ['check', false],
        ['create', true],
      ],
    ]);
    expect((await rowOf(id)).leadId).toBe(`before-${id}`);
  });

  it('sends one create however often the job is delivered at once', async () => {
    intercept = () => false;
    const id = await bench.leadRow();
    const before = api.creates.length;
    await Promise.all(Array.from({ length: 8 }, (_, n) => register(id, `r${id}-v${n}`)));
    await eventually('the outcome', async () => (await rowOf(id)).state === 'registered');
    expect(api.creates.length).toBe(before + 1);
    await register(id);
    expect(api.creates.length).toBe(before + 1);
  });

  it('leaves a row in doubt whose answer was lost, and sends it nothing again', async () => {
    intercept = dropAnswer;
    const id = await bench.leadRow();
    const before = api.creates.length;
    expect(await register(id)).toEqual({ kind: 'failed', code: 'API_NO_ANSWER' });
    intercept = () => false;
    expect((await register(id, `r${id}-v0`, 1)).kind).toBe('failed');
    expect((await register(id)).kind).toBe('failed');
    expect((await rowOf(id)).state).toBe('in_doubt');
    expect(api.creates.length).toBe(before + 1);
  });

  it('does not create where a 5xx may hide a lead', async () => {
    intercept = answer('/alta-lead', 502, { message: 'bad gateway' });
    const id = await bench.leadRow();
    await register(id);
    expect((await rowOf(id)).state).toBe('in_doubt');
  });

  it('rejects what the API refuses by name, and waits where it asks to', async () => {
    intercept = answer('/alta-lead', 422, { message: 'name: too long' });
    const refused = await bench.leadRow();
    await register(refused);
    expect(await rowOf(refused)).toMatchObject({ state: 'rejected', code: 'API_REFUSED' });

    intercept = (path, _body, response) => {
      if (path !== '/alta-lead') return false;
      response.writeHead(429, { 'retry-after': '7' }).end();
      return true;
    };
    const later = await bench.leadRow();
    await register(later);
    expect(await rowOf(later)).toMatchObject({ state: 'waiting', step: 'create', code: 'API_TRY_LATER', attempts: 0 });
  });

  it('halts the endpoint, not the row, when credentials are refused', async () => {
    intercept = answer('/client-data', 401, { message: 'no' });
    const id = await bench.leadRow();
    await register(id);
    expect(await rowOf(id)).toMatchObject({ state: 'waiting', step: 'check', attempts: 0 });
    expect((await bench.ports.ledger.stops('default')).halts.map((halt) => halt.endpoint)).toEqual(['clientData']);
    intercept = () => false;
    // By the first row that comes when the next probe is due.
    await eventually('the end of the halt', async () => {
      await register(await bench.leadRow());
      return (await bench.ports.ledger.stops('default')).halts.length === 0;
    });
  });

  it('never calls two rows registered with one leadId', async () => {
    intercept = answer('/alta-lead', 200, { leadId: 'SAME' });
    const [first, second] = [await bench.leadRow(), await bench.leadRow()];
    await register(first);
    await register(second);
    expect((await rowOf(first)).state).toBe('registered');
    expect(await rowOf(second)).toMatchObject({ state: 'in_doubt', code: 'API_LEAD_ID_TAKEN' });
  });

  it('asks about a KO again and fails after three, without a create', async () => {
    intercept = answer('/client-data', 200, { status: 'KO', message: 'down' });
    const id = await bench.leadRow();
    const before = api.creates.length;
    for (let n = 0; n < 3; n += 1) {
      const { version } = await rowOf(id);
      await registerLead(bench.ports, { rowId: id, version }, delivery(`r${id}-v${version}`));
    }
    expect(await rowOf(id)).toMatchObject({ state: 'failed', code: 'API_KO' });
    expect(api.creates.length).toBe(before);
  });
});

describe('an answer that comes while the process ends', () => {
  const answerAfter = (act: () => Promise<unknown>, leadId: string): Intercept => {
    return (path, _body, response) => {
      if (path !== '/alta-lead') return false;
      void act().then(() => response.setHeader('content-type', 'application/json').end(JSON.stringify({ leadId })));
      return true;
    };
  };

  it('is written though the deadline of the shutdown is over', async () => {
    const ending = new AbortController();
    intercept = answerAfter(async () => ending.abort(), 'AT-THE-END');
    const id = await bench.leadRow();
    const ports = { ...bench.ports, ending: ending.signal };
    expect(await registerLead(ports, { rowId: id, version: 0 }, delivery(`r${id}-v0`))).toMatchObject({
      outcome: 'registered',
    });
    expect(await rowOf(id)).toMatchObject({ state: 'registered', leadId: 'AT-THE-END' });
  });

  it('is given up where the ledger is gone as well, and its row is found by the sweeper', async () => {
    const ending = new AbortController();
    let isGone = false;
    intercept = answerAfter(async () => {
      isGone = true;
      ending.abort(new Error('the process ends'));
    }, 'NEVER-WRITTEN');
    const id = await bench.leadRow();
    const { ledger } = bench.ports;
    const ports = {
      ...bench.ports,
      ending: ending.signal,
      ledger: {
        ...ledger,
        move: (move: Parameters<typeof ledger.move>[0]) =>
          isGone ? Promise.reject(new Error('Connection terminated')) : ledger.move(move),
      },
    };
    await expect(registerLead(ports, { rowId: id, version: 0 }, delivery(`r${id}-v0`))).rejects.toThrow();
    expect((await rowOf(id)).state).toBe('submitting');
  });
});

describe('an orphaned request', () => {
  it('becomes doubt, and the late answer of its own intent is still taken', async () => {
    let release: (() => void) | undefined;
    intercept = (path, _body, response) => {
      if (path !== '/alta-lead') return false;
      release = () => response.setHeader('content-type', 'application/json').end(JSON.stringify({ leadId: 'LATE' }));
      return true;
    };
    const { connection: queue } = await openQueue(kinds[0] ?? 'postgres');
    const impatient = {
      ...bench.ports,
      queue,
      settings: { ...bench.ports.settings, sendBudgetMs: 0, callDeadlineMs: -2_000 },
    };
    const id = await bench.leadRow();
    const working = register(id);
    await eventually('the request', async () => release !== undefined);
    await eventually('the sweep', async () => (await sweepOrphans(impatient)) > 0);
    expect(await rowOf(id)).toMatchObject({ state: 'in_doubt', code: 'API_NO_ANSWER_ORPHAN' });
    release?.();
    await working;
    expect(await rowOf(id)).toMatchObject({ state: 'registered', leadId: 'LATE' });
  });
});

describe('a leadId that comes after a verdict', () => {
  it('is kept on its attempt and told as a suspected duplicate; the row stays', async () => {
    let release: (() => void) | undefined;
    intercept = (path, _body, response) => {
      if (path !== '/alta-lead') return false;
      release = () =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ leadId: 'TOO-LATE' }));
      return true;
    };
    const { connection: queue } = await openQueue(kinds[0] ?? 'postgres');
    const impatient = {
      ...bench.ports,
      queue,
      settings: { ...bench.ports.settings, sendBudgetMs: 0, callDeadlineMs: -2_000 },
    };
    const id = await bench.leadRow();
    const working = register(id);
    await eventually('the request', async () => release !== undefined);
    await eventually('the sweep', async () => (await sweepOrphans(impatient)) > 0);
    await resolveInDoubt(bench.ports, await rowOf(id), { kind: 'abandon' }, { actor: 'cli:test', reason: 'given up' });
    release?.();
    await working;
    expect(await rowOf(id)).toMatchObject({ state: 'abandoned', leadId: null });
    expect((await bench.ports.ledger.attempts(id)).map((attempt) => attempt.leadId)).toContain('TOO-LATE');
    const history = await bench.ports.ledger.history(id);
    expect(history.map((line) => line.action)).toContain('lead.duplicate_suspected');
  });
});

describe('a person', () => {
  it('retries a failed row from the queue, under the job that ended it', async () => {
    intercept = answer('/client-data', 200, { status: 'OK', partnerManage: true, client: true });
    const id = await bench.leadRow();
    expect(await register(id, 'first-job')).toEqual({ kind: 'failed', code: 'API_CLIENT_WITHOUT_AGENT' });
    intercept = () => false;
    // BullMQ's own redelivery and a stale job of another name are no persons.
    expect((await register(id, 'first-job', 1)).kind).toBe('failed');
    expect((await register(id, 'other-job')).kind).toBe('failed');
    expect((await rowOf(id)).state).toBe('failed');
    expect(await register(id, 'other-job')).toEqual({ kind: 'done', outcome: 'registered' });
    const actors = (await bench.ports.ledger.history(id)).filter((line) => line.action === 'row.replayed');
    expect(actors.map((line) => line.actor)).toEqual(['queue']);
  });

  it('is not who is delivered a job late that was redelivered and has ended meanwhile', async () => {
    intercept = answer('/client-data', 200, { status: 'OK', partnerManage: true, client: true });
    const id = await bench.leadRow();
    expect((await register(id, 'slow-job', 2)).kind).toBe('failed');
    intercept = () => false;
    expect((await register(id, 'slow-job', 1)).kind).toBe('failed');
    expect((await register(id, 'slow-job', 0)).kind).toBe('failed');
    expect((await rowOf(id)).state).toBe('failed');
    expect(await register(id, 'slow-job', 2)).toEqual({ kind: 'done', outcome: 'registered' });
  });

  it('sends a row in doubt again only when nothing of the first request can arrive any more', async () => {
    intercept = dropAnswer;
    const id = await bench.leadRow();
    await register(id);
    intercept = () => false;
    const by = { actor: 'cli:test', reason: 'not there' };
    const careful = { ...bench.ports, settings: { ...bench.ports.settings, quietPeriodMs: 3_600_000 } };
    expect((await resolveInDoubt(careful, await rowOf(id), { kind: 'send_again' }, by)).kind).toBe('too_early');

    await bench.ports.ledger.drained(bench.ports.instance);
    const end = await eventually('the quiet period', async () => {
      const resolved = await resolveInDoubt(bench.ports, await rowOf(id), { kind: 'send_again' }, by);
      return resolved.kind === 'resolved' && resolved;
    });
    expect(end).toEqual({ kind: 'resolved', state: 'waiting' });
    const { version } = await rowOf(id);
    await registerLead(bench.ports, { rowId: id, version }, delivery(`r${id}-v${version}`));
    expect((await rowOf(id)).state).toBe('registered');
  });
});
