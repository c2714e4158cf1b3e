import { describe, expect, it } from 'vitest';
import type { TruthEntry } from '../chaos/api/truth.ts';
import { check, countRepeats, rules, type Rule } from './check.ts';
import { fileKey, type StormAttempt, type StormEvidence, type StormRow } from './gather.ts';
import { foreignFile, owner, partnerField, type StormFile, type StormLine } from './storm-files.ts';

const line = (nth: number, isRepeat = false): StormLine => ({
  partner: owner,
  partnerLeadId: 'T-1',
  observacion: nth === 0 ? null : `${owner} nth ${nth}`,
  nth,
  isRepeat,
  isForeign: false,
});
const file = (name: string, lines: readonly StormLine[]): StormFile => ({
  partner: owner,
  name,
  sha256: name,
  text: '',
  lines,
});
const leads = file('leads', [line(0)]);
const updates = file('updates', [line(1), line(2), line(2, true), line(3)]);
const foreign = foreignFile(['F1']);

const created: TruthEntry = {
  kind: 'create',
  atMs: 1,
  leadId: 'F1',
  partner: partnerField(owner),
  partnerLeadId: 'T-1',
  requestId: 'create',
  key: 'create',
};
const effect = (nth: number, requestId: string, leadId = 'F1'): TruthEntry => ({
  kind: 'update',
  atMs: 2,
  leadId,
  observacion: `${owner} nth ${nth}`,
  requestId,
});
const row = (id: string, of: StormFile, at: number, state: string, more: Partial<StormRow> = {}): StormRow => ({
  id,
  kind: of === leads ? 'lead' : 'update',
  partner: of.partner,
  sha256: of.sha256,
  line: at,
  state,
  code: null,
  leadId: 'F1',
  ...more,
});
/** The number in its id says when it began; it ended at once, where anybody knows how. */
const attempt = (id: string, rowId: string, outcome: string | null, endedMs = Number(id.slice(1))): StormAttempt => ({
  id,
  rowId,
  outcome,
  begunMs: Number(id.slice(1)),
  endedMs: outcome === null ? null : endedMs,
});
const ofAnother = row('5', foreign, 1, 'rejected', { code: 'ROW_LEAD_OF_ANOTHER_PARTNER' });
const first = row('1', updates, 1, 'pushed');
const second = row('2', updates, 2, 'pushed');
const third = row('4', updates, 4, 'pushed');
const registered = row('0', leads, 1, 'registered');
const repeated = row('3', updates, 3, 'duplicate');

/** Of one lead three updates and a repeat; the second went twice, after an answer that never came. */
const sound: StormEvidence = {
  variant: 'strict',
  files: [leads, updates, foreign],
  truth: [created, effect(1, 'a1'), effect(2, 'a2'), effect(2, 'a3'), effect(3, 'a4')],
  rows: [registered, first, second, repeated, third, ofAnother],
  attempts: [
    attempt('a1', '1', 'answered'),
    attempt('a2', '2', null),
    attempt('a3', '2', 'answered'),
    attempt('a4', '4', 'answered'),
  ],
  results: resultsOf({ [leads.name]: ['registered'], [updates.name]: ['pushed', 'pushed', 'duplicate', 'pushed'] }),
};

function resultsOf(outcomes: Readonly<Record<string, readonly string[]>>): StormEvidence['results'] {
  const told = [leads, updates, foreign].flatMap((one) => {
    const said = one === foreign ? ['rejected'] : outcomes[one.name];
    if (said === undefined) return [];
    const lines = said.map((outcome, index) => ({ row: String(index + 2), outcome, leadId: '' }));
    return [[fileKey(one.partner, one.sha256), lines] as const];
  });
  return new Map(told);
}

const without = (one: StormRow): readonly StormRow[] => sound.rows.filter((other) => other !== one);

/** A history with one thing wrong in it, by the rule that must say so. */
const broken: readonly (readonly [Rule, string, Partial<StormEvidence>])[] = [
  ['accounted', 'a line without a row', { rows: without(third) }],
  ['accounted', 'a row that is no line', { rows: [...sound.rows, row('9', updates, 9, 'pushed')] }],
  ['accounted', 'work that was left', { rows: [...without(third), { ...third, state: 'waiting' }] }],
  ['accounted', 'superseded where arrival decides', { rows: [...without(first), { ...first, state: 'superseded' }] }],
  ['accounted', 'pushed, and never seen', { truth: sound.truth.filter((entry) => entry !== sound.truth[1]) }],
  [
    'accounted',
    'superseded, and seen',
    { variant: 'dated', rows: [...without(first), { ...first, state: 'superseded' }] },
  ],
  ['accounted', 'pushed for a stranger', { rows: [...without(ofAnother), { ...ofAnother, state: 'pushed' }] }],
  [
    'accounted',
    'a stranger turned away for another reason',
    { rows: [...without(ofAnother), { ...ofAnother, code: 'ROW_LEAD_UNKNOWN' }] },
  ],
  ['own lead', 'of a lead that nobody created', { truth: [...sound.truth, effect(3, 'a4', 'F9')] }],
  ['own lead', 'by a request that no row made', { truth: [...sound.truth, effect(3, 'a9')] }],
  [
    'own lead',
    'for a stranger',
    { attempts: [...sound.attempts, attempt('a5', '5', 'answered')], truth: [...sound.truth, effect(3, 'a5')] },
  ],
  ['order', 'one missing', { truth: sound.truth.filter((entry) => entry !== sound.truth[1]) }],
  ['order', 'an older one at the end', { truth: [...sound.truth, effect(2, 'a3')] }],
  ['order', 'not the newest at the end', { variant: 'dated', truth: sound.truth.slice(0, -1) }],
  [
    'repeats',
    'again after a clear answer',
    { attempts: [...sound.attempts.filter(({ id }) => id !== 'a2'), attempt('a2', '2', 'answered')] },
  ],
  [
    'repeats',
    'again after a refusal',
    { attempts: [...sound.attempts.filter(({ id }) => id !== 'a2'), attempt('a2', '2', 'try_later')] },
  ],
  ['told', 'no result file', { results: resultsOf({ [leads.name]: ['registered'] }) }],
  [
    'told',
    'a line that is not told',
    { results: resultsOf({ [leads.name]: ['registered'], [updates.name]: ['pushed'] }) },
  ],
  [
    'told',
    'not what the ledger says',
    { results: resultsOf({ [leads.name]: ['registered'], [updates.name]: ['pushed', 'pushed', 'pushed', 'pushed'] }) },
  ],
];

const rulesBroken = (evidence: StormEvidence): readonly Rule[] => [...new Set(check(evidence).map(({ rule }) => rule))];

describe("the storm's checker", () => {
  it('finds nothing wrong with a sound history', () => {
    expect(check(sound)).toEqual([]);
    expect(countRepeats(sound)).toEqual({ afterFault: 0, afterKill: 1 });
  });

  it.each([
    ['an answer that came too late', 'answered', 3.5],
    ['an ambiguous end', 'ambiguous', 2],
  ])('allows a repeat after %s', (_what, outcome, endedMs) => {
    const attempts = [...sound.attempts.filter(({ id }) => id !== 'a2'), attempt('a2', '2', outcome, endedMs)];
    expect(check({ ...sound, attempts })).toEqual([]);
  });

  it('allows that what was given up is carried out last', () => {
    const truth = [created, effect(1, 'a1'), effect(2, 'a3'), effect(2, 'a2'), effect(3, 'a4')];
    expect(check({ ...sound, truth })).toEqual([]);
  });

  it('lets an update be passed over where the date decides', () => {
    const rows = [...without(first), { ...first, state: 'superseded' }, { ...repeated, state: 'superseded' }].filter(
      (one) => one !== repeated,
    );
    const truth = sound.truth.filter((entry) => entry !== sound.truth[1]);
    expect(rulesBroken({ ...sound, variant: 'dated', rows, truth })).not.toContain('order');
  });

  it.each(broken)('goes red for %s: %s', (rule, _what, change) => {
    expect(rulesBroken({ ...sound, ...change })).toContain(rule);
  });

  it('has a broken history for every rule', () => {
    expect(new Set(broken.map(([rule]) => rule))).toEqual(new Set(rules));
  });
});
