import type { OrderedFault } from './ordered-fault.ts';

/** A kind of bad day, by name. */
export interface Scenario {
  readonly name: string;
  /** For people, in a sentence. */
  readonly does: string;
  readonly faults: readonly OrderedFault[];
}

/** The scenarios there are. Of the faults of one scenario the first that strikes a call wins; latency adds to it. */
export const scenarios: readonly Scenario[] = [
  { name: 'calm', does: 'Nothing goes wrong.', faults: [] },
  {
    name: 'slow',
    does: 'Every answer takes from 0.3 to 3 seconds, one in fifty about 20.',
    faults: [
      { effect: 'latency', ms: 300, upToMs: 3_000, times: 0 },
      { effect: 'latency', ms: 17_000, probability: 0.02 },
    ],
  },
  {
    name: 'flaky-network',
    does: 'Connections break: 5 % before the work is done, 3 % after it, and 1 % are never answered.',
    faults: [
      { effect: 'latency', ms: 20, upToMs: 400, times: 0 },
      { effect: 'reset_before_effect', probability: 0.05 },
      { effect: 'drop_after_effect', probability: 0.015 },
      { effect: 'reset_after_effect', probability: 0.015 },
      { effect: 'hang', probability: 0.01 },
    ],
  },
  {
    name: 'rate-limited',
    does: 'A third of the calls come too fast: 429 or 503, Retry-After in seconds or as a date.',
    faults: [
      { effect: 'retry_after', retryAfterSeconds: 2, probability: 0.2 },
      { effect: 'retry_after', retryAfterSeconds: 3, retryAfterAs: 'http-date', probability: 0.1 },
      { effect: 'retry_after', status: 503, retryAfterSeconds: 5, probability: 0.05 },
    ],
  },
  {
    name: 'gateway',
    does: 'A gateway speaks for the API: rate limits as 500 with its own body, and pages of HTML.',
    faults: [
      { effect: 'gateway_fault', probability: 0.15 },
      {
        effect: 'gateway_fault',
        errorcode: 'policies.ratelimit.SpikeArrestViolation',
        faultstring: 'Spike arrest violation. Allowed rate : 5ps',
        probability: 0.1,
      },
      { effect: 'http_502', probability: 0.05 },
      { effect: 'http_502', afterEffect: true, probability: 0.02 },
    ],
  },
  {
    name: 'maintenance',
    does: 'Everything is down for 60 seconds from now: 503 with Retry-After.',
    faults: [
      { effect: 'maintenance', seconds: 60 },
      { effect: 'maintenance', seconds: 60, endpoint: 'token' },
    ],
  },
  {
    name: 'lost-answers',
    does: 'Leads and updates are carried out, and a fifth of the answers never arrive.',
    faults: [
      { endpoint: 'altaLead', effect: 'drop_after_effect', probability: 0.1 },
      { endpoint: 'altaLead', effect: 'http_500', afterEffect: true, probability: 0.05 },
      { endpoint: 'altaLead', effect: 'hang', afterEffect: true, probability: 0.05 },
      { endpoint: 'updateLead', effect: 'drop_after_effect', probability: 0.2 },
    ],
  },
  {
    name: 'garbage',
    does: 'A quarter of the answers can not be read: not JSON, cut off, or without their leadId.',
    faults: [
      { effect: 'garbled_json', probability: 0.1 },
      { effect: 'truncated_body', probability: 0.1 },
      { effect: 'without_field', probability: 0.05 },
      { endpoint: 'clientData', effect: 'without_field', field: 'partnerManage', probability: 0.05 },
    ],
  },
  {
    name: 'ko',
    does: 'A quarter of the calls are answered KO with HTTP 200; nothing is done.',
    faults: [{ effect: 'ko', probability: 0.25 }],
  },
  {
    name: 'server-errors',
    does: 'One call in five ends as 500; one in twenty of all although the work is done.',
    faults: [
      { effect: 'http_500', probability: 0.15 },
      { effect: 'http_500', afterEffect: true, probability: 0.05 },
    ],
  },
  {
    name: 'locked-out',
    does: 'No credentials are accepted any more: 401 to every call.',
    faults: [{ effect: 'unauthorized', times: 0 }],
  },
  {
    name: 'moved',
    does: 'Every call is sent elsewhere: 302.',
    faults: [{ effect: 'redirect', times: 0 }],
  },
];
