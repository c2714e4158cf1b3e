import type { CallOutcome, Endpoint } from './call-outcome.ts';

/** What makes an outage, in the words that are shown. */
export type OutageCause =
  /** Nothing could be written: refused, DNS, TLS, the token endpoint away. */
  | 'unreached'
  /** Written, and no answer that could be understood: reset, silence, 5xx, HTML. */
  | 'no_answer'
  /** Told to come back later: 425, 429, 503 with Retry-After, a gateway out of quota. */
  | 'busy'
  /** The client check answers that it met an incident, or incompletely, whoever is asked about. */
  | 'ko'
  /** Our own requests were too old to be sent: a ledger or a process that is far too slow. */
  | 'withheld';

/** How one call ended, as far as outages are concerned. */
export interface EndedCall {
  readonly endpoint: Endpoint;
  readonly outcome: CallOutcome<unknown>;
  readonly httpStatus: number | null;
  /** Whom a client check asked about: one person that the API stumbles over is no outage. */
  readonly subject: string;
}

/** What one process has seen in a row. */
export interface OutageStreaks {
  /** By endpoint: checks that go well say nothing of creates. */
  readonly trouble: Readonly<Partial<Record<Endpoint, number>>>;
  /** The people about whom client checks were inconclusive, one after the other. */
  readonly inconclusive: ReadonlySet<string>;
  readonly withheld: number;
}

export const noStreaks: OutageStreaks = { trouble: {}, inconclusive: new Set(), withheld: 0 };

const troubleLimit = 10;
const inconclusiveLimit = 10;
const withheldLimit = 20;

/**
 * Counts a call and says whether it completes an outage: ten calls of an endpoint in a row that were not sent or not
 * answered, ten client checks in a row that were inconclusive about ten people, twenty requests in a row that were too old.
 *
 * Each process counts its own calls, and whichever completes a streak opens the breaker for all: nothing is written
 * while all is well, a streak is a streak whatever others see, and `n` processes notice after 9 n + 1 calls at worst.
 */
export function countEnd(
  streaks: OutageStreaks,
  ended: EndedCall,
): { readonly streaks: OutageStreaks; readonly outage: OutageCause | null } {
  const sign = signOf(ended);
  const trouble = streaks.trouble[ended.endpoint] ?? 0;
  switch (sign) {
    case 'withheld': {
      const withheld = streaks.withheld + 1;
      return { streaks: { ...streaks, withheld }, outage: withheld >= withheldLimit ? sign : null };
    }
    case 'ko': {
      const inconclusive = new Set([...streaks.inconclusive, ended.subject]);
      const outage = inconclusive.size >= inconclusiveLimit ? sign : null;
      return { streaks: { ...streaks, withheld: 0, inconclusive }, outage };
    }
    case 'unreached':
    case 'no_answer':
    case 'busy': {
      const next = { ...streaks, withheld: 0, trouble: { ...streaks.trouble, [ended.endpoint]: trouble + 1 } };
      return { streaks: next, outage: trouble + 1 >= troubleLimit ? sign : null };
    }
    case 'well': {
      const asked = ended.endpoint === 'clientData';
      if (trouble === 0 && streaks.withheld === 0 && (!asked || streaks.inconclusive.size === 0))
        return { streaks, outage: null };
      return {
        streaks: {
          trouble: { ...streaks.trouble, [ended.endpoint]: 0 },
          inconclusive: asked ? new Set() : streaks.inconclusive,
          withheld: 0,
        },
        outage: null,
      };
    }
    case 'neither':
      return { streaks, outage: null };
  }
}

/** Does this call say that the API is well, or that it is not? A halt says neither: it has its own end. */
export function signOf({
  outcome,
  httpStatus,
}: Pick<EndedCall, 'outcome' | 'httpStatus'>): OutageCause | 'well' | 'neither' {
  switch (outcome.kind) {
    case 'answered':
    case 'refused':
      return 'well';
    case 'inconclusive':
      return 'ko';
    case 'not_sent':
      return outcome.withheld ? 'withheld' : 'unreached';
    case 'ambiguous':
      // A conflict, another lead's answer and a sandbox's mark speak of one row or of the settings.
      return outcome.code === 'API_NO_ANSWER' || outcome.code === 'API_UNAVAILABLE' ? 'no_answer' : 'neither';
    case 'try_later':
      // A message that is configured as "again later" comes with any other status, and speaks of its row.
      return httpStatus === 425 || httpStatus === 429 || (httpStatus ?? 0) >= 500 ? 'busy' : 'neither';
    case 'halted':
      return 'neither';
  }
}
