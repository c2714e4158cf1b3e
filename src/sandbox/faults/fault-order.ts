import { z } from 'zod';
import { waitMs } from './latency-fault.ts';
import { orderedFault } from './ordered-fault.ts';
import { scenarios } from './scenarios.ts';

/** What `PUT /__sandbox/faults` takes: the new list, instead of the old one. */
export const faultOrder = z.strictObject({
  faults: z
    .array(orderedFault)
    // Waits add up, and a timer has an end, too.
    .max(1_000)
    .readonly()
    .default([])
    .describe('The first that strikes a call wins; latency adds to it.'),
  scenario: z
    .enum(scenarios.map(({ name }) => name))
    .optional()
    .describe('Its faults come after those of the list.'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional()
    .describe('The same seed and the same calls: the same faults. Defaults to a random one.'),
  latencyMs: waitMs.optional().describe('Waited before every call. Defaults to what it was.'),
});

/** The same for a sandbox that nobody asks for tokens: a fault of the token endpoint would never strike there. */
export const faultOrderWithoutTokens = faultOrder.superRefine(({ faults }, context) => {
  for (const [position, { endpoint }] of faults.entries()) {
    if (endpoint !== 'token') continue;
    const message = 'is there with --auth oauth2 only';
    context.addIssue({ code: 'custom', path: ['faults', position, 'endpoint'], message });
  }
});

export type FaultOrder = z.input<typeof faultOrder>;
