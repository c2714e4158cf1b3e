import { randomInt } from 'node:crypto';
import { draw } from './draw.ts';
import { faultOrder, faultOrderWithoutTokens } from './fault-order.ts';
import type { FaultOrder } from './fault-order.ts';
import { orderedFault } from './ordered-fault.ts';
import type { Fault, StrikingFault } from './ordered-fault.ts';
import { scenarios } from './scenarios.ts';
import { isMatched } from './which-calls.ts';

/** Whom a call is about, as far as it says so. */
export interface Subject {
  readonly endpoint: NonNullable<Fault['endpoint']>;
  readonly partnerLeadId: string | null;
  readonly nif: string | null;
  readonly leadId: string | null;
}

/** What becomes of a call: a wait, then the work or a fault. */
export interface Fate {
  readonly delayMs: number;
  readonly struck: { readonly fault: StrikingFault; readonly orderedAtMs: number } | null;
}

/** What is ordered now. `met` counts the calls that matched, `struck` those among them that the fault struck. */
export interface FaultsNow {
  readonly seed: number;
  readonly scenario: string | null;
  readonly latencyMs: number;
  readonly faults: readonly (Fault & { readonly met: number; readonly struck: number })[];
}

export interface Faults {
  /** Forgets every earlier order and its counts. Throws a ZodError, and forgets nothing, for an order that can't be understood. */
  order(order: FaultOrder): void;
  /** Counts a call against every order that matches it; the first that is due strikes, and latency adds up. */
  meet(subject: Subject): Fate;
  now(): FaultsNow;
}

interface Entry {
  readonly fault: Fault;
  met: number;
  /** Calls that were due, whether or not an earlier order got them. */
  due: number;
  struck: number;
}

/** `hasTokens`: whether there is a token endpoint to strike. Defaults to true. */
export function createFaults(initial: FaultOrder, { hasTokens = true }: { readonly hasTokens?: boolean } = {}): Faults {
  const schema = hasTokens ? faultOrder : faultOrderWithoutTokens;
  let seed = 0;
  let scenario: string | null = null;
  let latencyMs = 0;
  let orderedAtMs = 0;
  let entries: readonly Entry[] = [];

  const order = (given: FaultOrder) => {
    const read = schema.parse(given);
    seed = read.seed ?? randomInt(2 ** 32);
    scenario = read.scenario ?? null;
    latencyMs = read.latencyMs ?? latencyMs;
    orderedAtMs = Date.now();
    const played = scenarios.find(({ name }) => name === scenario)?.faults ?? [];
    entries = [...read.faults, ...played.map((fault) => orderedFault.parse(fault))].map((fault) => ({
      fault,
      met: 0,
      due: 0,
      struck: 0,
    }));
  };
  order(initial);

  return {
    order,
    meet(subject) {
      let delayMs = latencyMs;
      let struck: Fate['struck'] = null;
      for (const [position, entry] of entries.entries()) {
        const { fault } = entry;
        if (!isMatched(fault, subject) || isOver(fault, orderedAtMs)) continue;
        entry.met += 1;
        if (!isDue(entry, draw(seed, position, entry.met))) continue;
        entry.due += 1;
        if (fault.effect === 'latency') {
          delayMs += fault.ms + ((fault.upToMs ?? fault.ms) - fault.ms) * draw(seed, position, entry.met, 'wait');
        } else if (struck === null) {
          struck = { fault, orderedAtMs };
        } else {
          continue;
        }
        entry.struck += 1;
      }
      return { delayMs, struck };
    },
    now() {
      const faults = entries.map(({ fault, met, struck }) => ({ ...fault, met, struck }));
      return { seed, scenario, latencyMs, faults };
    },
  };
}

function isOver(fault: Fault, orderedAtMs: number): boolean {
  return fault.effect === 'maintenance' && Date.now() >= orderedAtMs + fault.seconds * 1000;
}

function isDue({ fault, met, due }: Entry, drawn: number): boolean {
  const times = fault.times ?? (fault.probability === undefined && fault.effect !== 'maintenance' ? 1 : 0);
  return met >= fault.nth && (times === 0 || due < times) && drawn < (fault.probability ?? 1);
}
