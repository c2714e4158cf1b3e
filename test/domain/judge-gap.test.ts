import { expect, it } from 'vitest';
import { judgeGap } from '../../src/domain/judge-gap.ts';

const sent = (name: string, outcome: string | null, leadId: string | null = null) => ({
  name,
  outcome,
  leadId,
});

it.each([
  ['one that came back with a leadId', [sent('a', 'answered', '1')], { kind: 'created', by: 'a' }],
  ['one without an answer', [sent('a', null)], { kind: 'in_doubt', by: 'a' }],
  ['one that ended so or so', [sent('a', 'ambiguous')], { kind: 'in_doubt', by: 'a' }],
  ['one that was never written', [sent('a', 'not_sent')], { kind: 'nothing' }],
  ['one that was refused', [sent('a', 'refused')], { kind: 'nothing' }],
  [
    'a leadId before a refusal of the repeat',
    [sent('a', 'answered', '1'), sent('b', 'refused')],
    { kind: 'created', by: 'a' },
  ],
  [
    'doubt before what proves nothing about it',
    [sent('a', null), sent('b', 'not_sent')],
    { kind: 'in_doubt', by: 'a' },
  ],
  ['several, not one of them written', [sent('a', 'not_sent'), sent('b', 'try_later')], { kind: 'nothing' }],
] as const)('a lead of which was sent %s', (_, creates, verdict) => {
  const judged = judgeGap(creates);
  expect(judged.kind === 'nothing' ? judged : { ...judged, by: judged.by.name }).toEqual(verdict);
});
