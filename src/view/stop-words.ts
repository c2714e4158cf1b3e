import type { BreakerView, Halt, Pause, Stops } from '../app/ports/account-ledger.ts';
import type { OpenRollCall } from '../app/ports/roll-call.ts';
import { climbingRate } from '../domain/climb.ts';
import { faults } from '../domain/faults.ts';
import type { BreakerPatience } from '../domain/outage-breaker.ts';
import { sayDuration } from './duration.ts';
import { showInstant } from './instant.ts';

/** Why the breaker is open, in words. */
const causes: Readonly<Record<Exclude<BreakerView['cause'], null>, string>> = {
  unreached: 'the API can not be reached',
  no_answer: 'the API gives no answer that can be understood',
  busy: 'the API asks to come back later',
  ko: 'the API answers every client check with an incident',
  withheld: 'requests were too old to be sent: the ledger or this machine is far too slow',
  person: 'opened by a person',
};

/** The cause of an outage in words; the code of a halt as it is. */
export function sayCause(cause: string): string {
  const words: Readonly<Record<string, string>> = causes;
  return words[cause] ?? cause;
}

/** What the breaker lets through at present, for people and scripts. */
export interface BreakerStanding {
  readonly state: BreakerView['state'];
  readonly since: Date | null;
  readonly cause: BreakerView['cause'];
  readonly actor: string | null;
  readonly reason: string | null;
  /** Null: none goes by itself. */
  readonly nextProbeAt: Date | null;
  readonly probesFailed: number;
  /** Calls a second now; null: no limit. */
  readonly ratePerSecond: number | null;
  readonly isClimbing: boolean;
}

export function breakerStanding(
  { breaker }: Stops,
  of: { readonly ratePerSecond: number; readonly patience: BreakerPatience; readonly now: Date },
): BreakerStanding {
  const { state, since, cause, actor, reason, probe } = breaker;
  const isClosed = state === 'closed';
  const rate = isClosed ? climbingRate(of.ratePerSecond, breaker.forMs, of.patience.climbMs) : 0;
  return {
    state,
    since,
    cause,
    actor,
    reason,
    nextProbeAt: probe.inMs === null || isClosed ? null : new Date(of.now.getTime() + Math.max(0, probe.inMs)),
    probesFailed: isClosed ? 0 : probe.failed,
    ratePerSecond: isClosed && rate === 0 ? null : Math.round(rate * 10) / 10,
    isClimbing: isClosed && rate !== of.ratePerSecond,
  };
}

/** One line: what the breaker does, since when and why. */
export function sayBreaker(standing: BreakerStanding, timeZone: string): string {
  const { state, since, cause, reason, actor } = standing;
  const when = since === null ? '' : ` since ${showInstant(since, timeZone)}`;
  if (state !== 'closed') {
    const why = cause === null ? '' : causes[cause];
    const who = reason === null ? '' : ` (${actor ?? ''}: ${reason})`;
    return `breaker: ${state}${when}, ${why}${who}. Calls are held; rows keep their tries and go on by themselves.`;
  }
  return `breaker: closed${when}; ${sayRate(standing)}`;
}

function sayRate({ ratePerSecond, isClimbing }: BreakerStanding): string {
  if (ratePerSecond === null) return 'no limit of calls a second';
  return `${ratePerSecond} calls a second${isClimbing ? ', climbing' : ''}`;
}

/** When the next probe goes, and what those before it found. */
export function sayProbe({ state, cause, nextProbeAt, probesFailed }: BreakerStanding, now: Date): string {
  if (state === 'closed') return '';
  if (cause === 'person') return 'probe: none by itself; close it when the API is well';
  const failed = probesFailed === 0 ? '' : `; ${probesFailed} so far found it so`;
  if (state === 'probing') return `probe: under way${failed}`;
  const inMs = nextProbeAt === null ? 0 : nextProbeAt.getTime() - now.getTime();
  return `probe: ${inMs <= 0 ? 'with the next due row' : `in ${sayDuration(inMs)}`}, its own client check${failed}`;
}

export function sayHalt(
  { endpoint, code, since }: Pick<Halt, 'endpoint' | 'code' | 'since'>,
  timeZone: string,
): string {
  return `halted: ${endpoint} since ${showInstant(since, timeZone)}, ${code}. ${faults[code].means}`;
}

export function sayPause({ partner, since, actor, reason }: Pause, timeZone: string): string {
  const whose = partner === null ? 'all work' : `work of ${partner}`;
  return `paused: ${whose} since ${showInstant(since, timeZone)} by ${actor}: ${reason}. Files are read; rows stay due.`;
}

export function sayRollCall({ since, until, hosts }: OpenRollCall, timeZone: string): string {
  const begun = 'the ledger has begun anew (its database was started, or brought back)';
  if (since === null || until === null || hosts.length === 0)
    return `waiting: ${begun}. Calls are held until a service looks.`;
  const whom = `${hosts.join(', ')} ${hosts.length === 1 ? 'has' : 'have'}`;
  const latest = `until ${showInstant(until, timeZone)} at the latest`;
  return `waiting since ${showInstant(since, timeZone)}: ${begun}. Calls are held until ${whom} compared what was sent with it, ${latest}.`;
}
