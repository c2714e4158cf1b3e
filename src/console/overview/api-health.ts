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

/** Every minute of the last hour, also those without a call. */
export function minutesOfCalls(minutes: readonly CallMinute[], now: Date): readonly MinuteOfCalls[] {
  const last = Math.floor(now.getTime() / 60_000);
  const byMinute = Map.groupBy(minutes.filter(isCall), ({ minute }) => Math.floor(minute.getTime() / 60_000));
  return Array.from({ length: 60 }, (_, index) => {
    const at = last - 59 + index;
    const own = byMinute.get(at) ?? [];
    const bad = sum(own.filter(isBad).map(({ n }) => n));
    return { minute: new Date(at * 60_000), well: sum(own.map(({ n }) => n)) - bad, bad };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, n) => all + n, 0);
}
