import { z } from 'zod';
import { whichCalls } from './which-calls.ts';

/** A wait: up to ten minutes. */
export const waitMs = z.int().min(0).max(600_000);

/** Adds to whatever else strikes the call: a slow answer may be a wrong one too. */
export const latencyFault = z
  .strictObject({
    effect: z.literal('latency'),
    ...whichCalls,
    ms: waitMs.describe('Waited before the work is done.'),
    upToMs: waitMs.optional().describe('The wait is drawn from ms to this. Defaults to ms.'),
  })
  .refine(({ ms, upToMs }) => upToMs === undefined || upToMs >= ms, {
    path: ['upToMs'],
    message: 'must not be less than ms',
  })
  .describe('Answers late.');
