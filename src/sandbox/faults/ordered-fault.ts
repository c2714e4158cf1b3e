import { z } from 'zod';
import { answerFault } from './answer-faults.ts';
import { comeBackLaterFault } from './come-back-later-faults.ts';
import { connectionFault } from './connection-faults.ts';
import { latencyFault } from './latency-fault.ts';
import { statusFault } from './status-faults.ts';
import { neverMatched } from './which-calls.ts';

/** Every effect that can be ordered, and what it does in a sentence. */
export const effects: readonly { readonly name: string; readonly does: string }[] = [
  latencyFault,
  ...connectionFault.options,
  ...comeBackLaterFault.options,
  ...statusFault.options,
  ...answerFault.options,
].map((option) => ({ name: option.shape.effect.value, does: option.description ?? '' }));

const kinds = z.discriminatedUnion(
  'effect',
  [latencyFault, connectionFault, comeBackLaterFault, statusFault, answerFault],
  {
    error: ({ code }) =>
      code === 'invalid_union' ? `expected one of ${effects.map(({ name }) => name).join(', ')}` : undefined,
  },
);

/** An order: which calls are struck (see whichCalls), by which effect, with the effect's own parameters. */
export const orderedFault = kinds.superRefine((fault, context) => {
  const unmatched = neverMatched(fault);
  if (unmatched === null) return;
  context.addIssue({ code: 'custom', path: [unmatched], message: 'is no part of any call that the rest matches' });
});

export type OrderedFault = z.input<typeof orderedFault>;
export type Fault = z.output<typeof orderedFault>;
/** All but latency, which only puts off what happens. */
export type StrikingFault = Exclude<Fault, { readonly effect: 'latency' }>;
