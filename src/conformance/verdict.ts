import type { Finding } from './check.ts';
import { describeExchange, leadIdOf, summariseExchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { settingFor } from './setting-for.ts';

/** What is expected of a call, and what follows when it is not met. */
export interface Expectation {
  readonly expected: string;
  readonly set: string | null;
}

/** A legal request has to be answered. */
export function answered(exchange: Exchange, expected: string): Finding {
  const ok = exchange.outcome.kind === 'answered';
  return {
    result: ok ? 'pass' : 'fail',
    expected,
    got: describeExchange(exchange),
    set: ok ? null : settingFor(exchange),
  };
}

/** A wrong request has to be turned away, in whatever way. Whether leadsync recognises the refusal is a check of its own. */
export function turnedAway(exchange: Exchange, { expected, set }: Expectation): Finding {
  const got = describeExchange(exchange);
  if (exchange.outcome.kind === 'try_later') return { result: 'skipped', expected, got, set: settingFor(exchange) };
  if (isTurnedAway(exchange)) return { result: 'pass', expected, got: summariseExchange(exchange), set: null };
  const created = leadIdOf(exchange) === null ? '' : ': taken, and a lead created';
  return { result: 'fail', expected, got: `${got}${created}`, set };
}

/** What a deployment does with something of which the specification says nothing. */
export function taken(
  exchange: Exchange,
  expected: string,
  set: { readonly whenTaken: string | null; readonly whenNot: string | null },
): Finding {
  const ok = exchange.outcome.kind === 'answered';
  const result = exchange.outcome.kind === 'try_later' ? 'skipped' : 'observed';
  return {
    result,
    expected,
    got: `${ok ? 'taken' : 'not taken'}: ${describeExchange(exchange)}`,
    set: ok ? set.whenTaken : set.whenNot,
  };
}

export function observed(expected: string, got: string, set: string | null = null): Finding {
  return { result: 'observed', expected, got, set };
}

export function skipped(expected: string, why: string): Finding {
  return { result: 'skipped', expected, got: why, set: null };
}

/** Refused by the API itself: a refusal or KO that is recognised, or a 4xx that speaks of the request. */
export function isTurnedAway({ outcome, httpStatus }: Exchange): boolean {
  if (outcome.kind === 'refused') return true;
  if (outcome.kind === 'inconclusive') return outcome.code === 'API_KO';
  if (httpStatus === null) return false;
  return httpStatus >= 400 && httpStatus < 500 && ![401, 403, 405, 407, 408, 425, 429].includes(httpStatus);
}

/** leadsync reads it as a refusal. */
export function isRecognisedRefusal({ outcome }: Exchange): boolean {
  return outcome.kind === 'refused' || (outcome.kind === 'inconclusive' && outcome.code === 'API_KO');
}
