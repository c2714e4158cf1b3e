import type { Random } from '../../simulation/random.ts';
import type { TruthEntry } from '../api/truth.ts';

/** What the insurer sends, and what the operator says of it. */
export interface Listing {
  readonly text: string;
  /** When it was taken, as the operator says. */
  readonly asOf: Date;
}

const kinds = ['whole', 'old', "another partner's", 'cut off in a line', 'cut off between lines'] as const;

/** What counts as hours where the quiet period is six seconds. */
const oldMs = [15_000, 40_000] as const;

/** A listing of all leads, or one that is not what it is said to be. Only the careful one looks when it was taken. */
export function makeListing(
  truth: readonly TruthEntry[],
  by: { readonly operator: 'careful' | 'careless'; readonly random: Random; readonly nowMs: number },
): Listing {
  const kind = by.random.pick(kinds);
  const ageMs = by.random.between(...oldMs);
  const share = by.random.between(0.3, 0.95);
  const takenMs = kind === 'old' ? by.nowMs - ageMs : by.nowMs;
  const isForeign = kind === "another partner's";
  const lines = truth.flatMap((entry) =>
    entry.kind === 'create' && entry.atMs <= takenMs
      ? [
          [
            isForeign ? `Z${entry.leadId}` : entry.leadId,
            entry.partnerLeadId,
            isForeign ? 'Otro' : 'Test',
            new Date(entry.atMs).toISOString(),
          ].join(';'),
        ]
      : [],
  );
  const whole = ['leadId;partnerLeadId;partner;createdAt', ...lines, ''].join('\n');
  const part = whole.slice(0, Math.floor(whole.length * share));
  const text =
    kind === 'cut off in a line'
      ? part
      : kind === 'cut off between lines'
        ? part.slice(0, part.lastIndexOf('\n') + 1)
        : whole;
  return { text, asOf: new Date(by.operator === 'careful' ? takenMs : by.nowMs) };
}
