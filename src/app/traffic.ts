import type { Endpoint } from '../domain/call-outcome.ts';
import { climbingRate } from '../domain/climb.ts';
import type { BreakerEvent } from '../domain/outage-breaker.ts';
import { countEnd, noStreaks, signOf, type OutageCause, type OutageStreaks } from '../domain/outage-streaks.ts';
import { isProbeDue, type Probe } from '../domain/probe.ts';
import { fullBudget, noteFirstTry, planFromBudget, type RetryBudget } from '../domain/retry-budget.ts';
import { changeBreaker, scaledPatience } from './change-breaker.ts';
import { isRepeat } from './is-repeat.ts';
import type { Ports } from './ports.ts';
import type { Stops } from './ports/account-ledger.ts';
import type { LedgerRow, Step } from './ports/row.ts';
import type { Admission, EndedCall, Traffic } from './ports/traffic.ts';
import { withoutPlace } from './withheld.ts';

type TrafficPorts = Pick<Ports, 'clock' | 'ending' | 'instance' | 'ledger' | 'log' | 'settings' | 'stopping'>;

/** While calls go the ledger is asked so often what stops them … */
const freshMs = 500;
/** … and a view older than this is waited for. */
const staleMs = 2_000;
/** What would stop a call is looked at again where the view is older than this: a row that is passed over waits long. */
const sureMs = 100;
/** Beyond budget and deadline of a probe's call, until its process counts as dead. */
const probeMarginMs = 5_000;
/** An update is the probe only where no client check has taken it for so long: there are no leads to ask about. */
const updateProbesAfterMs = 5_000;
/** An endpoint that refuses everybody may count refusals against our login. */
const haltPatience = { firstMs: 15_000, mostMs: 15 * 60_000 };

/** The halts that stop a step. A client check is of no use while creates are halted: it would be too old afterwards. */
const endpointsOf: Readonly<Record<Step, readonly Endpoint[]>> = {
  check: ['clientData', 'altaLead'],
  create: ['altaLead'],
  push: ['updateLead'],
};

/** One of each process, for all its calls to an account. `settings` is a keyed hash of the API's settings. */
export function createTraffic(
  ports: TrafficPorts,
  of: { readonly account: string; readonly settings: string },
): Traffic {
  const { clock, ledger } = ports;
  const { timeScale, sendBudgetMs, callDeadlineMs, ratePerSecond } = ports.settings;
  const patience = scaledPatience(timeScale);
  const probeForMs = sendBudgetMs + callDeadlineMs + probeMarginMs;
  /** What rows of this process probe now. */
  const probing = new Map<string, Probing>();
  const budgets = new Map<string, RetryBudget>();
  let streaks: OutageStreaks = noStreaks;
  let seen: { readonly stops: Stops; readonly atMs: number } | null = null;
  let looking: Promise<void> | null = null;
  let isClaiming = false;

  function see(stops: Stops, atMs: number): void {
    // What was counted before the breaker changed belongs to the time before.
    if (seen !== null && seen.stops.breaker.version !== stops.breaker.version) streaks = noStreaks;
    seen = { stops, atMs };
  }

  async function refresh(): Promise<void> {
    const atMs = clock.monotonicMs();
    see(await ledger.stops(of.account), atMs);
  }

  async function look(): Promise<Stops> {
    const ageMs = seen === null ? Infinity : clock.monotonicMs() - seen.atMs;
    if (ageMs > freshMs) {
      looking ??= refresh().finally(() => (looking = null));
      if (ageMs > staleMs) await looking;
      else looking.catch(() => undefined);
    }
    if (seen !== null && ageMs > sureMs && !isAllClear(seen.stops))
      await (looking ??= refresh().finally(() => (looking = null)));
    if (seen === null) throw new Error('unreachable: it was waited for');
    return seen.stops;
  }

  function untilProbe(probe: Probe): Probe {
    const agedMs = clock.monotonicMs() - (seen?.atMs ?? 0);
    return { ...probe, inMs: probe.inMs === null ? null : probe.inMs - agedMs, leftMs: probe.leftMs - agedMs };
  }

  async function tellBreaker(event: BreakerEvent): Promise<boolean> {
    const atMs = clock.monotonicMs();
    const act = { actor: ports.instance, reason: null };
    const { change, stops } = await changeBreaker(ledger, of.account, event, { patience, act });
    see(stops, atMs);
    if (change?.begins === true)
      ports.log.event(change.state === 'closed' ? 'breakerClosed' : 'breakerOpened', { cause: change.cause });
    return change !== null;
  }

  async function takeProbe(row: LedgerRow, isOpen: boolean, halted: readonly Endpoint[]): Promise<boolean> {
    if (isClaiming) return false;
    isClaiming = true;
    try {
      if (halted.length > 0 && !(await ledger.claimHaltProbes(of.account, halted, row.id, probeForMs))) return false;
      if (isOpen && !(await tellBreaker({ kind: 'claimed', row: row.id, forMs: probeForMs }))) return false;
      probing.set(row.id, { outage: isOpen, halted });
      return true;
    } finally {
      isClaiming = false;
    }
  }

  function mayTakeProbe(row: LedgerRow, step: Step, { breaker, halts }: Stops, halted: readonly Endpoint[]): boolean {
    if (!halts.filter(({ endpoint }) => halted.includes(endpoint)).every(({ probe }) => isProbeDue(untilProbe(probe))))
      return false;
    if (breaker.state === 'closed') return true;
    const probe = untilProbe(breaker.probe);
    if (!isProbeDue(probe)) return false;
    if (step === 'push') return (probe.inMs ?? 0) <= -updateProbesAfterMs * timeScale;
    // A repeat is tied to its check, and a row without a NIF has none: neither can be asked about again.
    return step === 'check' || (row.clientAnswer !== null && !isRepeat(row));
  }

  async function admit(row: LedgerRow, step: Step): Promise<Admission> {
    if (ports.stopping.aborted) return stopped;
    const stops = await look();
    if (isAllClear(stops)) return go;
    const { breaker, halts, pauses, rollCall } = stops;
    if (rollCall !== null) return stopped;
    if (pauses.some(({ partner }) => partner === null || partner === row.partner)) return stopped;
    const isOpen = breaker.state !== 'closed';
    const halted = endpointsOf[step].filter((endpoint) => halts.some((halt) => halt.endpoint === endpoint));
    if (!isOpen && halted.length === 0) return go;
    const own = probing.get(row.id);
    const isProbe =
      own !== undefined && (own.outage || !isOpen) && halted.every((endpoint) => own.halted.includes(endpoint));
    if (!isProbe && !(mayTakeProbe(row, step, stops, halted) && (await takeProbe(row, isOpen, halted)))) return stopped;
    return isOpen && step === 'create' ? askFirst : go;
  }

  /** A probe's end, in the breaker's words. An answer that stops calls otherwise shows that the API is there. */
  function probeEvent(row: string, sign: OutageCause | 'well' | 'neither', afterMs: number | null): BreakerEvent {
    if (sign === 'well' || sign === 'neither') return { kind: 'probe_answered', row };
    if (sign === 'withheld') return { kind: 'probe_returned', row };
    return { kind: 'probe_failed', row, afterMs };
  }

  function ended({ row, endpoint, subject, result }: EndedCall): ReturnType<Traffic['ended']> {
    const { outcome, httpStatus } = result;
    const sign = signOf({ outcome, httpStatus });
    if (row.attempts === 0) budgets.set(row.partner, noteFirstTry(budgets.get(row.partner) ?? fullBudget));
    const own = probing.get(row.id);
    const isProbe = own?.outage === true;
    if (isProbe) probing.set(row.id, { ...own, outage: false });
    const afterMs = outcome.kind === 'try_later' ? outcome.afterMs : null;
    // What shutdown keeps back is no news of the account, nor is a call that had no place: those before it are slow.
    const isNews = sign !== 'withheld' || !(ports.ending.aborted || result === withoutPlace);
    const counted = isNews ? countEnd(streaks, { endpoint, outcome, httpStatus, subject }) : { streaks, outage: null };
    streaks = counted.outage === null ? counted.streaks : noStreaks;
    const known = seen?.stops;
    const isOpen = known !== undefined && known.breaker.state !== 'closed';
    const isBad = sign !== 'well' && sign !== 'neither';
    return {
      isOutage: isBad && (isOpen || counted.outage !== null),
      async tell() {
        // A sandbox in production halts, though the create that met it is in doubt.
        const isHalt = outcome.kind === 'halted' || (outcome.kind === 'ambiguous' && outcome.code === 'API_IS_SANDBOX');
        if (isHalt) {
          const halt = { endpoint, code: outcome.code, settings: of.settings, row: row.id };
          const { firstMs, mostMs } = haltPatience;
          await ledger.halt(of.account, halt, { firstMs: firstMs * timeScale, mostMs: mostMs * timeScale });
          await refresh();
        } else if (!isBad && known?.halts.some((halt) => halt.endpoint === endpoint) === true) {
          await ledger.endHalts(of.account, { endpoint }, { actor: ports.instance, reason: null });
          await refresh();
        }
        if (isProbe) await tellBreaker(probeEvent(row.id, sign, afterMs));
        else if (counted.outage !== null) await tellBreaker({ kind: 'streak', cause: counted.outage, afterMs });
      },
    };
  }

  return {
    admit,
    ended,
    async giveBack(rowId) {
      const isUnused = probing.get(rowId)?.outage === true;
      probing.delete(rowId);
      if (isUnused) await tellBreaker({ kind: 'probe_returned', row: rowId });
    },
    planRetry(partner) {
      const budget = budgets.get(partner) ?? fullBudget;
      const planned = planFromBudget(budget, clock.monotonicMs(), ratePerSecond);
      budgets.set(partner, planned.budget);
      return planned.waitMs;
    },
    ratePerSecond() {
      if (seen === null) return ratePerSecond;
      const { state, forMs } = seen.stops.breaker;
      const closedForMs = state === 'closed' && forMs !== null ? forMs + clock.monotonicMs() - seen.atMs : null;
      return climbingRate(ratePerSecond, closedForMs, patience.climbMs);
    },
  };
}

interface Probing {
  /** The outage, and its call is still to come. */
  readonly outage: boolean;
  readonly halted: readonly Endpoint[];
}

function isAllClear({ breaker, halts, pauses, rollCall }: Stops): boolean {
  return breaker.state === 'closed' && halts.length === 0 && pauses.length === 0 && rollCall === null;
}

const go: Admission = { kind: 'go' };
const askFirst: Admission = { kind: 'ask_first' };
const stopped: Admission = { kind: 'stopped' };
