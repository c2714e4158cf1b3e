import { z } from 'zod';
import { orderedFault } from './ordered-fault.ts';
import { scenarios } from './scenarios.ts';

/** What `PUT /__sandbox/faults` takes: the new list, instead of the old one. */
export const faultOrder = z.strictObject({
  faults: z
    .array(orderedFault)
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
  latencyMs: z.int().min(0).optional().describe('Waited before every call. Defaults to what it was.'),
});

export type FaultOrder = z.input<typeof faultOrder>;
