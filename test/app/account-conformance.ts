import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import type { AccountLedger } from '../../src/app/ports/account-ledger.ts';
import type { WorkLedger } from '../../src/app/ports/ledger.ts';
import type { LedgerRow, Step } from '../../src/app/ports/row.ts';
import type { MoveResult, RowMoves } from '../../src/app/ports/row-moves.ts';
import { nextBreaker, type BreakerEvent } from '../../src/domain/outage-breaker.ts';

export interface AccountsUnderTest {
  readonly ledger: AccountLedger & RowMoves & Pick<WorkLedger, 'row'>;
  /** A due lead, and a due update of a lead that is registered. */
  lead(): Promise<LedgerRow>;
  update(): Promise<LedgerRow>;
  /** What was audited of no row, oldest first: `action by actor: reason`. */
  audited(): Promise<readonly string[]>;
}

const account = 'default';
const act = { actor: 'cli:ana', reason: 'asked for' };
const pauses = { firstMs: 60_000, mostMs: 600_000 };

/** What every ledger promises about breaker, halts and pauses. One suite for the one on PostgreSQL and the one in memory. */
export function accountsConform(the: () => AccountsUnderTest): void {
  beforeEach(async () => {
    await happen({ kind: 'person_closes' });
    await the().ledger.endHalts(account, 'all', act);
    await the().ledger.endPauses(null, act);
  });

  const stops = () => the().ledger.stops(account);

  async function happen(event: BreakerEvent): Promise<boolean> {
    const { breaker } = await stops();
    const change = nextBreaker(breaker, event);
    return change !== null && (await the().ledger.changeBreaker(account, breaker.version, change, act));
  }

  /** Announces an attempt, and takes the row back to where it was. */
  async function begin(row: LedgerRow, step: Step): Promise<MoveResult> {
    const now = await the().ledger.row(row.id);
    if (now === null) throw new Error('no such row');
    return the().ledger.move({
      rowId: row.id,
      from: [now.state],
      fence: now.fence,
      version: now.version,
      to: null,
      begin: { attemptId: randomUUID(), step, instance: 'worker-1' },
      audit: null,
    });
  }
  const refused = { won: false, why: 'stopped' };

  it('lets everything begin while nothing stops it', async () => {
    expect(await stops()).toMatchObject({ breaker: { state: 'closed', cause: null }, halts: [], pauses: [] });
    for (const step of ['check', 'create'] as const)
      expect(await begin(await the().lead(), step)).toMatchObject({ won: true });
    expect(await begin(await the().update(), 'push')).toMatchObject({ won: true });
  });

  it('lets nothing begin in an outage but the probe, and that no create', async () => {
    const [probe, other, update] = [await the().lead(), await the().lead(), await the().update()];
    await happen({ kind: 'streak', cause: 'unreached', afterMs: null });
    const { breaker } = await stops();
    expect(breaker).toMatchObject({ state: 'open', cause: 'unreached', actor: 'cli:ana' });
    expect(breaker.forMs).toBeGreaterThanOrEqual(0);
    expect(breaker.probe.inMs).toBeGreaterThan(0);
    // Its pause is not over.
    expect(await happen({ kind: 'claimed', row: probe.id, forMs: 60_000 })).toBe(false);
    for (const row of [probe, other]) expect(await begin(row, 'check')).toEqual(refused);
    expect(await begin(update, 'push')).toEqual(refused);

    const now = { state: 'probing', begins: false, cause: 'unreached' } as const;
    const claimed = { ...now, probe: { inMs: null, row: probe.id, leftMs: 60_000, failed: 0 } };
    expect(await the().ledger.changeBreaker(account, breaker.version, claimed, act)).toBe(true);
    expect(await begin(probe, 'check')).toMatchObject({ won: true });
    expect(await begin(probe, 'create')).toEqual(refused);
    expect(await begin(other, 'check')).toEqual(refused);
    expect(await happen({ kind: 'probe_answered', row: other.id })).toBe(false);
    expect(await happen({ kind: 'probe_answered', row: probe.id })).toBe(true);
    expect(await begin(other, 'create')).toMatchObject({ won: true });
    expect((await stops()).breaker.forMs).toBeGreaterThanOrEqual(0);
  });

  it('lets the probe of a process that died begin nothing', async () => {
    const row = await the().lead();
    await happen({ kind: 'person_opens' });
    const { version } = (await stops()).breaker;
    const probe = { inMs: null, row: row.id, leftMs: -1, failed: 0 };
    await the().ledger.changeBreaker(account, version, { state: 'probing', begins: false, cause: 'ko', probe }, act);
    expect(await begin(row, 'check')).toEqual(refused);
  });

  it('gives a change of the breaker to one of many that try it, and audits what opens and closes it', async () => {
    const { breaker } = await stops();
    const change = nextBreaker(breaker, { kind: 'person_opens' });
    if (change === null) throw new Error('nothing changes');
    const before = (await the().audited()).length;
    const change5 = Array.from({ length: 5 }, () => the().ledger.changeBreaker(account, breaker.version, change, act));
    expect((await Promise.all(change5)).filter(Boolean)).toHaveLength(1);
    await happen({ kind: 'person_closes' });
    // A person takes over what has opened by itself.
    await happen({ kind: 'streak', cause: 'ko', afterMs: null });
    await happen({ kind: 'person_opens' });
    expect((await stops()).breaker).toMatchObject({ cause: 'person', reason: 'asked for' });
    await happen({ kind: 'person_closes' });
    expect((await the().audited()).slice(before)).toEqual([
      'api.breaker_opened by cli:ana: asked for',
      'api.breaker_closed by cli:ana: asked for',
      'api.breaker_opened by cli:ana: asked for',
      'api.breaker_opened by cli:ana: asked for',
      'api.breaker_closed by cli:ana: asked for',
    ]);
  });

  it('stops the calls that a halted endpoint makes useless, and no others', async () => {
    const [lead, update] = [await the().lead(), await the().update()];
    const halt = { code: 'API_HALTED_PATH', settings: 'one', row: lead.id } as const;
    const begun = async () => [
      (await begin(lead, 'check')).won,
      (await begin(lead, 'create')).won,
      (await begin(update, 'push')).won,
    ];
    await the().ledger.halt(account, { ...halt, endpoint: 'altaLead' }, pauses);
    expect(await begun()).toEqual([false, false, true]);
    await the().ledger.endHalts(account, { endpoint: 'altaLead' }, act);
    await the().ledger.halt(account, { ...halt, endpoint: 'clientData' }, pauses);
    expect(await begun()).toEqual([false, true, true]);
    await the().ledger.halt(account, { ...halt, endpoint: 'updateLead' }, pauses);
    expect(await begun()).toEqual([false, true, false]);
  });

  it('gives the probe of halted endpoints to one row, all of them or none, and puts it off when it is refused again', async () => {
    const [row, other] = [await the().lead(), await the().lead()];
    const halt = { code: 'API_HALTED_CREDENTIALS', settings: 'one', row: other.id } as const;
    await the().ledger.halt(account, { ...halt, endpoint: 'clientData' }, { firstMs: 0, mostMs: 600_000 });
    await the().ledger.halt(account, { ...halt, endpoint: 'altaLead' }, pauses);
    const both = ['clientData', 'altaLead'] as const;
    expect(await the().ledger.claimHaltProbes(account, both, row.id, 60_000)).toBe(false);
    await the().ledger.endHalts(account, { endpoint: 'altaLead' }, act);
    const claim = ({ id }: LedgerRow) => the().ledger.claimHaltProbes(account, ['clientData'], id, 60_000);
    expect([await claim(row), await claim(other)]).toEqual([true, false]);
    expect(await begin(row, 'check')).toMatchObject({ won: true });
    expect(await begin(other, 'check')).toEqual(refused);
    // Another row that is refused late does not take the probe away.
    await the().ledger.halt(account, { ...halt, endpoint: 'clientData' }, pauses);
    expect((await stops()).halts).toMatchObject([{ endpoint: 'clientData', probe: { row: row.id, failed: 0 } }]);
    await the().ledger.halt(account, { ...halt, endpoint: 'clientData', row: row.id }, pauses);
    const [put] = (await stops()).halts;
    expect(put).toMatchObject({ code: 'API_HALTED_CREDENTIALS', probe: { row: null, failed: 1 } });
    expect(put?.probe.inMs).toBeGreaterThan(100_000);
    expect(put?.probe.inMs).toBeLessThanOrEqual(120_000);
    expect(await begin(row, 'check')).toEqual(refused);
  });

  it('ends the halts that were met under other settings', async () => {
    const row = await the().lead();
    const halt = { code: 'API_HALTED_PATH', row: row.id } as const;
    await the().ledger.halt(account, { ...halt, endpoint: 'clientData', settings: 'old' }, pauses);
    await the().ledger.halt(account, { ...halt, endpoint: 'updateLead', settings: 'new' }, pauses);
    expect(await the().ledger.endHalts(account, { exceptSettings: 'new' }, act)).toBe(1);
    expect((await stops()).halts.map(({ endpoint }) => endpoint)).toEqual(['updateLead']);
    expect((await the().audited()).at(-1)).toBe('api.halt_ended by cli:ana: asked for');
  });

  it('pauses a partner or everybody, once, and says who and why', async () => {
    const row = await the().lead();
    expect(await the().ledger.pause('somebody else', act)).toBe(true);
    expect(await begin(row, 'check')).toMatchObject({ won: true });
    expect(await the().ledger.pause(row.partner, act)).toBe(true);
    expect(await the().ledger.pause(row.partner, { actor: 'cli:eva', reason: 'again' })).toBe(false);
    expect(await begin(row, 'check')).toEqual(refused);
    expect(await the().ledger.endPauses(row.partner, act)).toBe(1);
    expect(await begin(row, 'check')).toMatchObject({ won: true });
    expect(await the().ledger.pause(null, act)).toBe(true);
    expect(await begin(row, 'check')).toEqual(refused);
    expect((await stops()).pauses).toMatchObject([
      { partner: 'somebody else', actor: 'cli:ana' },
      { partner: null, reason: 'asked for' },
    ]);
    expect(await the().ledger.endPauses(null, act)).toBe(2);
    expect((await the().audited()).at(-1)).toBe('work.resumed by cli:ana: asked for');
  });

  it('counts the age of a row in trouble from its first trouble, and not what an outage took', async () => {
    const row = await the().lead();
    const moved = async (to: 'waiting' | 'received', set: object): Promise<LedgerRow> => {
      const now = (await the().ledger.row(row.id)) as LedgerRow;
      const { id, state, fence, version } = now;
      const audit = { action: 'row.tested', actor: 'test' };
      await the().ledger.move({ rowId: id, from: [state], fence, version, to, dueInMs: 0, set, audit });
      return (await the().ledger.row(row.id)) as LedgerRow;
    };
    const trouble = { step: 'check', attempts: 1, trying: true };
    expect((await moved('waiting', trouble)).tryingForMs).toBeGreaterThanOrEqual(0);
    await moved('received', {});
    await expect
      .poll(async () => (await the().ledger.row(row.id))?.tryingForMs, { interval: 5 })
      .toBeGreaterThanOrEqual(30);
    expect((await moved('waiting', { ...trouble, attempts: 2 })).tryingForMs).toBeGreaterThanOrEqual(30);
    await happen({ kind: 'person_opens' });
    await happen({ kind: 'person_closes' });
    expect((await the().ledger.row(row.id))?.tryingForMs).toBeLessThan(30);
    expect((await moved('received', { attempts: 0 })).tryingForMs).toBeNull();
  });
}
