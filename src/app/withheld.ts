import type { CallResult } from './ports/leads-api.ts';

/** How a call ends that never began: nothing was sent, nothing was disclosed, and no try is used. */
export const withheld: CallResult<never> = {
  outcome: { kind: 'not_sent', code: 'API_NOT_SENT', withheld: true },
  evidence: 'never_written',
  httpStatus: null,
};

/** The same for want of a place. Another object, since that is no sign of an outage (traffic.ts). */
export const withoutPlace: CallResult<never> = { ...withheld };
