import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/app/ports/ledger.ts';
import type { RowMove } from '../../src/app/ports/row-moves.ts';
import type { LedgerRow, RowState } from '../../src/app/ports/row.ts';
import { canLeadRowMove, identityHoldingStates, type LeadRowState } from '../../src/domain/lead-row.ts';
import { aLedger, hash, type TestLedger } from '../adapters/ledger/a-ledger.ts';

// oxlint-disable-next-line node/no-process-env -- the long form is asked for from outside
const runs = process.env['LEADSYNC_LONG_TESTS'] === '1' ? 2_000 : 100;

/** What the test expects of one row. */
interface ModelRow {
  readonly id: string;
  readonly identity: string;
  state: RowState;
  fence: number;
  version: number;
  attempt: string | null;
  leadId: string | null;
}

interface Model {
  rows: readonly ModelRow[];
}

interface Real {
  readonly the: TestLedger;
  readonly partner: string;
}

type Command = fc.AsyncCommand<Model, Real>;

/** A command by its name, done to one row of those that there are, and every invariant looked at afterwards. */
function command(name: string, act: (model: Model, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    async run(model, real) {
      await act(model, real);
      await lookAtInvariants(model, real);
    },
    toString: () => name,
  };
}

interface Step {
  readonly name: string;
  readonly from: readonly RowState[];
  readonly to: RowState;
  readonly intent?: boolean;
  readonly newFence?: boolean;
  /** An answer belongs to its own intent, and asks for no version. */
  readonly isAnswer?: boolean;
  readonly leadId?: 'own' | 'shared';
}

const sent = ['submitting', 'in_doubt'] as const;

const steps: readonly Step[] = [
  { name: 'check: yes', from: ['received'], to: 'checked' },
  { name: 'check: not managed', from: ['received'], to: 'not_managed' },
  { name: 'check: later', from: ['received'], to: 'waiting' },
  { name: 'wake', from: ['waiting'], to: 'checked' },
  { name: 'intent', from: ['checked'], to: 'submitting', intent: true, newFence: true },
  { name: 'answer: registered', from: sent, to: 'registered', isAnswer: true, leadId: 'own' },
  { name: 'answer: a leadId that another may have', from: sent, to: 'registered', isAnswer: true, leadId: 'shared' },
  { name: 'answer: refused', from: sent, to: 'rejected', isAnswer: true },
  { name: 'answer: not sent', from: sent, to: 'waiting', isAnswer: true },
  { name: 'answer: used up', from: ['submitting'], to: 'failed', isAnswer: true },
  { name: 'answer: ambiguous', from: ['submitting'], to: 'in_doubt', isAnswer: true },
  { name: 'sweep', from: ['submitting'], to: 'in_doubt' },
  { name: 'resolve: send again', from: ['in_doubt'], to: 'waiting', newFence: true },
  {
    name: 'resolve: leadId',
    from: ['in_doubt', 'registered_without_id'],
    to: 'registered',
    newFence: true,
    leadId: 'own',
  },
  { name: 'resolve: no id', from: ['in_doubt'], to: 'registered_without_id', newFence: true },
  { name: 'resolve: abandon', from: ['in_doubt'], to: 'abandoned', newFence: true },
  { name: 'replay', from: ['failed', 'rejected', 'not_managed', 'cancelled'], to: 'received', newFence: true },
  { name: 'cancel', from: ['received', 'waiting', 'checked', 'failed', 'rejected'], to: 'cancelled' },
  { name: 'move what is registered', from: ['registered'], to: 'received' },
];

/** How the caller came to know the row. `old`: by a look from before its latest intent or verdict. */
type Sight = 'now' | 'old';

/** One step of one row, whether the row can take it or not. */
function tryStep(step: Step, nth: number, sight: Sight, repeated: boolean): Command {
  return command(`${step.name} (${nth}, ${sight}${repeated ? ', commit unknown' : ''})`, async (model, real) => {
    const row = model.rows[nth % Math.max(1, model.rows.length)];
    if (row !== undefined) await doStep(model, real, row, step, sight, repeated);
  });
}

/** A step that its row can take: left to chance alone few rows would ever be sent. */
function goOn(nth: number, choice: number, repeated: boolean): Command {
  return command(`go on (${nth}, ${choice}${repeated ? ', commit unknown' : ''})`, async (model, real) => {
    const row = model.rows.filter((one) => one.state !== 'duplicate')[nth % Math.max(1, model.rows.length)];
    const ready = steps.filter((step) => row !== undefined && step.from.includes(row.state));
    const step = ready[choice % Math.max(1, ready.length)];
    if (row !== undefined && step !== undefined) await doStep(model, real, row, step, 'now', repeated);
  });
}

async function doStep(
  model: Model,
  real: Real,
  row: ModelRow,
  step: Step,
  sight: Sight,
  repeated: boolean,
): Promise<void> {
  const attempt = step.intent === true ? randomUUID() : null;
  const leadId = step.leadId === undefined ? null : step.leadId === 'own' ? `own-${row.id}` : `shared-${real.partner}`;
  const move: RowMove = {
    rowId: row.id,
    from: step.from,
    fence: row.fence - (sight === 'old' ? 1 : 0),
    ...(step.isAnswer === true ? { attempt: row.attempt ?? randomUUID() } : { version: row.version }),
    to: step.to,
    newFence: step.newFence ?? false,
    set: {
      step: 'create',
      ...(attempt === null ? {} : { holder: 'worker-1' }),
      ...(leadId === null ? {} : { leadId }),
    },
    ...(attempt === null ? {} : { begin: { attemptId: attempt, step: 'create', instance: 'worker-1' } }),
    audit: { action: `row.${step.name}`, actor: 'test', reason: 'a command of the model' },
  };
  const expected = expectedOf(model, row, step, sight, leadId);
  const result = await attemptMove(real.the.ledger, move);
  expect(result, move.audit?.action ?? '').toBe(expected);
  if (expected === 'won') {
    row.state = step.to;
    row.version += 1;
    row.fence += step.newFence === true ? 1 : 0;
    row.attempt = attempt ?? row.attempt;
    row.leadId = leadId ?? row.leadId;
  }
  // Whose commit is unknown writes the same again, from another connection: it must change nothing.
  if (repeated && expected === 'won' && attempt === null) {
    const again = await attemptMove(real.the.other, move);
    expect(['moved_on', 'taken']).toContain(again);
  }
}

async function attemptMove(ledger: Ledger, move: RowMove): Promise<string> {
  return ledger.move(move).then(
    (result) => (result.won ? 'won' : result.why),
    (error: unknown) => (error instanceof Error && /illegal move/.test(error.message) ? 'illegal' : String(error)),
  );
}

function expectedOf(model: Model, row: ModelRow, step: Step, sight: Sight, leadId: string | null): string {
  if (sight === 'old' || !step.from.includes(row.state)) return 'moved_on';
  if (step.isAnswer === true && row.attempt === null) return 'moved_on';
  const others = model.rows.filter((other) => other.id !== row.id);
  if (leadId !== null && others.some((other) => other.leadId === leadId)) return 'taken';
  if (!canLeadRowMove(row.state as LeadRowState, step.to as LeadRowState)) return 'illegal';
  const isHeldByAnother = others.some((other) => other.identity === row.identity && holds(other.state));
  return holds(step.to) && isHeldByAnother ? 'taken' : 'won';
}

function holds(state: RowState): boolean {
  return (identityHoldingStates as readonly RowState[]).includes(state);
}

function insert(identities: readonly number[], wording: number): Command {
  return command(`insert ${identities.join(',')} as ${wording}`, async (model, { the, partner }) => {
    const file = await the.reading('leads', { partner });
    const rows = identities.map((identity, index) =>
      the.newRow(index + 2, {
        identity: hash(`${partner} ${identity}`),
        content: hash(`${partner} ${identity} ${wording}`),
      }),
    );
    await the.ledger.insertRows(file, rows, rows.length + 1, 'test');
    // Whose commit is unknown inserts the same again.
    await the.ledger.insertRows(file, rows, rows.length + 1, 'test');
    await the.ledger.finishReading(file.id, 'test');
    expect(await the.rowsOf(file)).toHaveLength(rows.length);
    await lookAnew(model, { the, partner });
  });
}

const followLeads = command('follow leads', async (model, real) => {
  await real.the.ledger.followLeads('test');
  await lookAnew(model, real);
});

const sumUp = command('sum up', (_model, real) => real.the.ledger.sumUp());

const settle = command('settle', async (_model, { the, partner }) => {
  for (const file of await the.ledger.filesToSettle()) {
    if (file.partner !== partner) continue;
    const picture = await the.ledger.readResult(file.id, async ({ version, moves }) => ({ version, moves }));
    if (picture !== null) await the.ledger.settleFile(file.id, picture, 'test');
  }
});

/** After what moves rows by rules of its own: the model takes over what it finds, and the invariants judge it. */
async function lookAnew(model: Model, { the, partner }: Real): Promise<void> {
  const { rows } = await sql<{ id: string; identity: string }>`
    select id::text as id, identity from ledger_row where partner = ${partner} order by id`.execute(the.db);
  const found = new Map((await rowsNow(the, partner)).map((row) => [row.id, row]));
  model.rows = rows.map(({ id, identity }) => {
    const row = found.get(id) as LedgerRow;
    const { state, fence, version, attemptId: attempt, leadId } = row;
    return { id, identity, state, fence, version, attempt, leadId };
  });
}

function rowsNow(the: TestLedger, partner: string): Promise<readonly LedgerRow[]> {
  return the.ledger.rows({ partner, limit: 10_000 });
}

async function lookAtInvariants(model: Model, { the, partner }: Real): Promise<void> {
  const rows = await rowsNow(the, partner);
  const seen = new Map(rows.map((row) => [row.id, row]));
  for (const { id, state, fence, version } of model.rows) expect(seen.get(id)).toMatchObject({ state, fence, version });
  expect(rows).toHaveLength(model.rows.length);

  const holders = model.rows.filter((row) => holds(row.state)).map((row) => row.identity);
  expect(new Set(holders).size, 'one holder of an identity').toBe(holders.length);
  const registered = rows.filter((row) => row.state === 'registered');
  expect(registered.every((row) => row.leadId !== null)).toBe(true);
  expect(new Set(registered.map((row) => row.leadId)).size).toBe(registered.length);

  const { rows: counted } = await sql<{ exact: unknown; tally: unknown }>`select
    (select jsonb_object_agg(key, n) from (select file_id || ' ' || state as key, count(*) as n from ledger_row
      where partner = ${partner} group by 1) e) as exact,
    (select jsonb_object_agg(t.file_id || ' ' || t.state, t.n) from file_tally t join file f on f.id = t.file_id
      where f.partner = ${partner} and t.n <> 0) as tally`.execute(the.db);
  expect(counted[0]?.tally).toEqual(counted[0]?.exact);

  await playAuditAgain(the, partner, model);
}

/** One event a move, in order: playing them gives the row's state. Nothing that is registered ever moves. */
async function playAuditAgain(the: TestLedger, partner: string, model: Model): Promise<void> {
  const { rows: events } = await sql<{
    rowId: string;
    action: string;
    from: string | null;
    to: string | null;
    version: number;
  }>`
    select row_id::text as "rowId", action, from_state as "from", to_state as "to", version from audit_event
    where partner = ${partner} and row_id is not null order by seq`.execute(the.db);
  for (const row of model.rows) {
    const own = events.filter(
      (event) => event.rowId === row.id && (event.to !== null || event.action === 'row.original_ended'),
    );
    expect(own.map((event) => event.version)).toEqual(own.map((_event, index) => index + 1));
    expect(own).toHaveLength(row.version);
    const moves = own.filter((event) => event.to !== null);
    for (const [index, event] of moves.entries()) {
      if (index > 0) expect(event.from).toBe(moves[index - 1]?.to);
      expect(event.from).not.toBe('registered');
    }
    if (moves.length > 0) expect(moves.at(-1)?.to).toBe(row.state);
  }
}

const nth = fc.nat(11);
const commands = fc.commands(
  [
    fc
      .tuple(fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }), fc.nat(1))
      .map(([identities, wording]) => insert(identities, wording)),
    ...steps.map((step) =>
      fc
        .tuple(nth, fc.constantFrom<Sight>('now', 'old'), fc.boolean())
        .map(([row, sight, repeated]) => tryStep(step, row, sight, repeated)),
    ),
    // As often as all of them together.
    ...steps.map(() =>
      fc.tuple(fc.nat(3), fc.nat(5), fc.boolean()).map(([row, choice, repeated]) => goOn(row, choice, repeated)),
    ),
    fc.constant(followLeads),
    fc.constant(sumUp),
    fc.constant(settle),
  ],
  { maxCommands: 40, size: 'max' },
);

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('model');
});
afterAll(() => the.close());

describe('the ledger on PostgreSQL', () => {
  it('does what a small model of it does, whatever is asked in whatever order', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const partner = `p-${randomUUID()}`;
        const model: Model = { rows: [] };
        await insert([0, 1, 1, 2], 0).run(model, { the, partner });
        await fc.asyncModelRun(() => ({ model, real: { the, partner } }), list);
      }),
      { numRuns: runs, endOnFailure: runs > 100 },
    );
  });
});
