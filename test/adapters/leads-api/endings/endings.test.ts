import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CallOutcome } from '../../../../src/domain/call-outcome.ts';
import { endings } from '../../../../src/domain/classify-call.ts';
import type { Ending } from '../../../../src/domain/classify-call.ts';
import { apiAt } from '../api-under-test.ts';
import { beforeWriting, withoutStatus } from './before-writing.ts';
import { byBody, strangeAndGood } from './by-body.ts';
import { byStatus } from './by-status.ts';
import { ask } from './ending-case.ts';
import type { EndingCase } from './ending-case.ts';

/** Each line of the table in classify-call.ts, with servers that bring it about. A line without a case does not compile. */
const cases: Readonly<Record<Ending, readonly EndingCase[]>> = {
  ...beforeWriting,
  ...withoutStatus,
  ...byStatus,
  ...byBody,
};

const met = vi.hoisted((): { readonly ending: string; readonly evidence: string }[] => []);

// The judge itself is the real one; it only says which line decided.
vi.mock(import('../../../../src/domain/classify-call.ts'), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    classifyCall(end) {
      met.push({ ending: real.endingOf(end), evidence: end.evidence });
      return real.classifyCall(end);
    },
  };
});

afterEach(() => met.splice(0));

function inWords(outcome: CallOutcome<unknown>): string {
  switch (outcome.kind) {
    case 'answered':
      return 'answered';
    case 'not_sent':
      return outcome.withheld ? 'withheld' : `not_sent ${outcome.code}`;
    case 'try_later':
      return `try_later ${outcome.afterMs}`;
    default:
      return `${outcome.kind} ${outcome.code}`;
  }
}

async function play({ scene, on = 'altaLead' }: EndingCase) {
  const staged = await scene();
  const api = apiAt(staged.url, staged.options);
  try {
    const { outcome, evidence } = await (staged.ask?.(api) ?? ask(api, on, staged.call));
    return { verdict: inWords(outcome), evidence, ending: met.findLast((one) => one.evidence === evidence)?.ending };
  } finally {
    await staged.close();
    await api.close();
  }
}

test('every line of the table has a case, and every case a line', () => {
  expect(new Set(Object.keys(cases))).toEqual(new Set(endings));
  expect(Object.values(cases).filter((of) => of.length === 0)).toEqual([]);
});

describe.each(endings)('%s', (ending) => {
  test.each(cases[ending].map((one) => [one.how, one] as const))('%s', async (_how, one) => {
    expect(await play(one)).toEqual({ verdict: one.verdict, evidence: one.evidence, ending });
  });
});

describe('a leadId is not lost to', () => {
  test.each(strangeAndGood.map((one) => [one.how, one] as const))('%s', async (_how, one) => {
    expect(await play(one)).toEqual({
      verdict: 'answered',
      evidence: 'response_complete',
      ending: 'alta lead with a leadId',
    });
  });
});
