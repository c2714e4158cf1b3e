import { z } from 'zod';

const effects = [
  'drop_after_effect',
  'reset_before_effect',
  'http_500',
  'ko',
  'retry_after',
  'unauthorized',
  'hang',
] as const;

/**
 * A fault to order: which call it strikes and what it does. Calls are matched exactly; a matcher that is absent
 * matches all. `retry_after`, `unauthorized`, `ko`, `http_500`, `reset_before_effect` and `hang` do nothing to the
 * tables; `drop_after_effect` does the work, then cuts the connection without an answer.
 */
const orderedFault = z.strictObject({
  endpoint: z.enum(['clientData', 'altaLead', 'updateLead']),
  partnerLeadId: z.string().optional().describe('Of an alta lead; for an update, of its lead.'),
  nif: z.string().optional().describe('Of a client data request, or the dni of an alta lead.'),
  leadId: z.string().optional().describe('Of an update.'),
  nth: z.int().min(1).default(1).describe('The first matching call that is struck, counted from now. Defaults to 1.'),
  times: z.int().min(0).default(1).describe('How many calls in a row are struck; 0 is all. Defaults to 1.'),
  effect: z.enum(effects),
  retryAfterSeconds: z.int().min(0).default(1).describe('For retry_after. Defaults to 1.'),
});

/** What `PUT /__sandbox/faults` takes: the new list, instead of the old one, and the delay of every answer. */
export const faultOrder = z.strictObject({
  faults: z.array(orderedFault).default([]),
  latencyMs: z.int().min(0).optional(),
});

export type OrderedFault = z.input<typeof orderedFault>;
export type Fault = z.output<typeof orderedFault>;

export interface Subject {
  readonly endpoint: Fault['endpoint'];
  readonly partnerLeadId: string | null;
  readonly nif: string | null;
  readonly leadId: string | null;
}

export interface Faults {
  /** Forgets every earlier order and its count. */
  order(faults: readonly OrderedFault[]): void;
  /** Counts a call against every order that matches it; answers the first that strikes. */
  strike(subject: Subject): Fault | null;
}

export function createFaults(initial: readonly OrderedFault[]): Faults {
  let ordered: { readonly fault: Fault; seen: number }[] = [];
  const order = (faults: readonly OrderedFault[]) => {
    ordered = faults.map((fault) => ({ fault: orderedFault.parse(fault), seen: 0 }));
  };
  order(initial);
  return {
    order,
    strike(subject) {
      let struck: Fault | null = null;
      for (const entry of ordered) {
        if (!matches(entry.fault, subject)) continue;
        entry.seen += 1;
        if (struck === null && isDue(entry.fault, entry.seen)) struck = entry.fault;
      }
      return struck;
    },
  };
}

function matches(fault: Fault, subject: Subject): boolean {
  if (fault.endpoint !== subject.endpoint) return false;
  return (['partnerLeadId', 'nif', 'leadId'] as const).every(
    (key) => fault[key] === undefined || fault[key] === subject[key],
  );
}

function isDue({ nth, times }: Fault, seen: number): boolean {
  return seen >= nth && (times === 0 || seen < nth + times);
}
