import type { CallMinute } from '../../app/ports/call-tallies.ts';
import type { Endpoint } from '../../domain/call-outcome.ts';

/** How the calls of an endpoint went over some minutes. */
export interface EndpointHealth {
  readonly endpoint: Endpoint;
  readonly calls: number;
  /** Those that brought no answer to work with. A refusal is one: it says why. */
  readonly bad: number;
  /** Null: no call. */
  readonly meanMs: number | null;
}

export const endpointWords: Readonly<Record<Endpoint, string>> = {
  clientData: 'client check',
  altaLead: 'create',
  updateLead: 'status update',
};

const wentWell: ReadonlySet<string> = new Set(['answered', 'refused']);

/** Nothing was sent, on purpose: no news of the API. */
const isCall = ({ outcome }: Pick<CallMinute, 'outcome'>): boolean => outcome !== 'withheld';

export function isBad({ outcome }: Pick<CallMinute, 'outcome'>): boolean {
  return isCall({ outcome }) && !wentWell.has(outcome);
}

/** By endpoint, since a moment. Endpoints without a call are there, too. */
export function healthSince(minutes: readonly CallMinute[], since: Date): readonly EndpointHealth[] {
  const recent = minutes.filter((one) => one.minute >= since && isCall(one));
  return (Object.keys(endpointWords) as Endpoint[]).map((endpoint) => {
    const own = recent.filter((one) => one.endpoint === endpoint);
    const calls = sum(own.map(({ n }) => n));
    const ms = sum(own.map((one) => one.ms));
    return {
      endpoint,
      calls,
      bad: sum(own.filter(isBad).map(({ n }) => n)),
      meanMs: calls === 0 ? null : ms / calls,
    };
  });
}

export interface MinuteOfCalls {
  readonly minute: Date;
  readonly well: number;
  readonly bad: number;
}

/** Every minute of the last hour, oldest first, also those of which there is nothing. */
export function minutesOf<T extends { readonly minute: Date }, R>(
  all: readonly T[],
  now: Date,
  of: (ofMinute: readonly T[], minute: Date) => R,
): readonly R[] {
  const last = Math.floor(now.getTime() / 60_000);
  const byMinute = Map.groupBy(all, ({ minute }) => Math.floor(minute.getTime() / 60_000));
  return Array.from({ length: 60 }, (_, index) => {
    const at = last - 59 + index;
    return of(byMinute.get(at) ?? [], new Date(at * 60_000));
  });
}

export function minutesOfCalls(minutes: readonly CallMinute[], now: Date): readonly MinuteOfCalls[] {
  return minutesOf(minutes.filter(isCall), now, (own, minute) => {
    const bad = sum(own.filter(isBad).map(({ n }) => n));
    return { minute, well: sum(own.map(({ n }) => n)) - bad, bad };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, n) => all + n, 0);
}
