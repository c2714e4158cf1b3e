import { describe, expect, it } from 'vitest';
import type { TruthEntry } from '../api/truth.ts';
import type { PartnerFile } from '../world/partner-files.ts';
import { check } from './check.ts';
import { rules, type AuditEvidence, type Evidence, type RowEvidence, type Rule } from './evidence.ts';

const sha256 = 'a'.repeat(64);
const file: PartnerFile = {
  name: 'leads-0.csv',
  kind: 'leads',
  sha256,
  text: '',
  lines: ['KX0-0', 'KX0-1'].map((partnerLeadId) => ({ partnerLeadId, nth: null })),
};

const create = (leadId: string, partnerLeadId: string, atMs = 10): TruthEntry => ({
  kind: 'create',
  atMs,
  leadId,
  partner: 'Test',
  partnerLeadId,
  requestId: leadId,
  key: leadId,
});
const applied = (leadId: string, nth: number): TruthEntry => ({
  kind: 'update',
  atMs: 20,
  leadId,
  observacion: `nth ${nth}`,
  requestId: `${leadId} ${nth}`,
});
const row = (line: number, more: Partial<RowEvidence> = {}): RowEvidence => ({
  id: String(line),
  kind: 'lead',
  sha256,
  line,
  state: 'registered',
  version: 2,
  leadId: `C${line}`,
  requestId: `C${line}`,
  ...more,
});
const moves = (rowId: string): readonly AuditEvidence[] => [
  { rowId, atMs: 1, action: 'row.intent', from: 'checked', to: 'submitting', version: 1, byListing: false },
  { rowId, atMs: 12, action: 'row.answered', from: 'submitting', to: 'registered', version: 2, byListing: false },
];

/** Two leads, created and registered, an update each in its place, and nothing wrong. */
const sound: Evidence = {
  operator: 'careless',
  files: [file],
  truth: [create('C1', 'KX0-0'), create('C2', 'KX0-1'), applied('C1', 1), applied('C1', 1), applied('C1', 2)],
  rows: [row(1), row(2)],
  audit: [...moves('1'), ...moves('2')],
  results: new Map([[sha256, [1, 2].map((n) => ({ row: String(n), outcome: 'registered', leadId: `C${n}` }))]]),
  notes: new Map(),
  spool: ['C1', 'C2'].flatMap((id) => [
    { kind: 'sent' as const, requestId: id },
    { kind: 'answered' as const, requestId: id, outcome: 'answered', leadId: id },
  ]),
  restoredAtMs: null,
  writings: [{ place: 'worker-0.log', text: '{"event":"rowMoved","rowId":"1"}' }],
  erased: [{ partnerLeadId: 'KX0-0', values: ['99000000T'], askedMs: 13, doneMs: 15 }],
  taken: [
    { rowId: '1', atMs: 14, from: 'registered', to: 'registered', by: 'retention' },
    { rowId: '2', atMs: 14, from: 'received', to: 'cancelled', by: 'erasure' },
  ],
  withoutResults: new Set(),
  kept: [{ place: 'archive/x.csv', text: 'KX0-01;99000001R;of another person' }],
};

const sendAgain = (atMs: number): AuditEvidence => ({
  rowId: '1',
  atMs,
  action: 'row.resolved_send_again',
  from: null,
  to: null,
  version: 2,
  byListing: false,
});

/** A history with one thing wrong in it, by the rule that must say so. */
const broken: readonly (readonly [Rule, string, Partial<Evidence>])[] = [
  ['one create', 'a lead exists twice', { truth: [...sound.truth, create('C3', 'KX0-0')] }],
  [
    'one create',
    'the send again came after the second create',
    { truth: [...sound.truth, create('C3', 'KX0-0', 30)], audit: [...sound.audit, sendAgain(31)] },
  ],
  [
    'one create',
    'one send again, two creates more',
    {
      truth: [...sound.truth, create('C3', 'KX0-0', 30), create('C4', 'KX0-0', 40)],
      audit: [...sound.audit, sendAgain(25)],
    },
  ],
  [
    'one create',
    'sent again by one who looked first',
    {
      operator: 'careful',
      truth: [...sound.truth, create('C3', 'KX0-0', 30)],
      audit: [...sound.audit, sendAgain(25)],
    },
  ],
  [
    'one create',
    'sent again because a listing lacked it',
    {
      truth: [...sound.truth, create('C3', 'KX0-0', 30)],
      audit: [...sound.audit, { ...sendAgain(25), byListing: true }],
    },
  ],
  ['own leadId', "another lead's", { rows: [row(1, { leadId: 'C2' }), row(2)] }],
  ['own leadId', 'none that the API gave', { rows: [row(1), row(2, { leadId: 'C9' })] }],
  ['own leadId', 'one for two rows', { rows: [row(1), row(2), row(1, { id: '3' })] }],
  ['nothing lost', 'rejected, and the API has it', { rows: [row(1, { state: 'rejected', leadId: null }), row(2)] }],
  ['nothing stuck', 'still on its way', { rows: [row(1, { state: 'submitting' }), row(2)] }],
  ['nothing stuck', 'still in doubt', { rows: [row(1, { state: 'in_doubt' }), row(2)] }],
  ['every line', 'a line without a row', { rows: [row(1)] }],
  ['every line', 'two rows of one line', { rows: [row(1), row(1, { id: '3' })] }],
  ['every line', 'no result file', { results: new Map() }],
  [
    'every line',
    'a row twice in the result',
    { results: new Map([[sha256, Array(2).fill({ row: '1', outcome: 'registered', leadId: 'C1' })]]) },
  ],
  ['audit', 'a move without its event', { audit: sound.audit.slice(1) }],
  ['audit', 'an event twice', { audit: [...sound.audit, ...moves('1').slice(1)] }],
  ['audit', 'a gap between two events', { audit: [{ ...moves('1')[0]!, to: 'waiting' }, ...sound.audit.slice(1)] }],
  ['audit', 'events that end in another state', { rows: [row(1, { state: 'cancelled' }), row(2)] }],
  ['updates in order', 'the older one after the newer', { truth: [...sound.truth, applied('C1', 1)] }],
  ['updates in order', 'an update of a lead that nobody has', { truth: [...sound.truth, applied('C9', 1)] }],
  [
    'updates in order',
    'the older one last, after a backup',
    { truth: [...sound.truth, applied('C1', 1)], restoredAtMs: 15 },
  ],
  ['true spool', 'a create that was not noted', { spool: sound.spool.slice(2) }],
  [
    'true spool',
    'not sent, and the API has it',
    {
      spool: [
        { kind: 'sent', requestId: 'C1' },
        { kind: 'answered', requestId: 'C1', outcome: 'not_sent', leadId: null },
        ...sound.spool.slice(2),
      ],
    },
  ],
  [
    'true spool',
    "another create's leadId",
    {
      spool: [...sound.spool, { kind: 'answered', requestId: 'C1', outcome: 'answered', leadId: 'C2' }],
    },
  ],
  ...(['in_doubt', 'submitting', 'received', 'waiting'] as const).map(
    (from) =>
      [
        'nothing open taken',
        `${from}, and past its time`,
        { taken: [{ rowId: '1', atMs: 14, from, to: from, by: 'retention' }] },
      ] as const,
  ),
  [
    'nothing open taken',
    'erased under its request',
    { taken: [{ rowId: '1', atMs: 14, from: 'submitting', to: 'cancelled', by: 'erasure' }] },
  ],
  ['erased is gone', 'a NIF in an archive', { kept: [{ place: 'x', text: ';99000000T;' }] }],
  ['erased is gone', 'a partnerLeadId in a row', { kept: [{ place: 'x', text: '{"partnerLeadId":"KX0-0"}' }] }],
  ['erased is gone', 'a lead that is created afterwards', { truth: [...sound.truth, create('C3', 'KX0-0', 30)] }],
  ...['Canariense', '99000001L', '699000001', 'p1@canario.example', 'KX0-1'].map(
    (text) => ['no personal data', text, { writings: [{ place: 'redis', text: `x ${text} x` }] }] as const,
  ),
];

const rulesBroken = (evidence: Evidence): readonly Rule[] => [...new Set(check(evidence).map(({ rule }) => rule))];

describe('the checker', () => {
  it('finds nothing wrong with a sound history', () => {
    expect(check(sound)).toEqual([]);
  });

  it('allows one create more for each send again before it', () => {
    const truth = [...sound.truth, create('C3', 'KX0-0', 30)];
    expect(rulesBroken({ ...sound, truth, audit: [...sound.audit, sendAgain(25)] })).not.toContain('one create');
  });

  it('knows the lead of a row whose file the ledger lost by the request that asked for it', () => {
    const entered = { ...row(1), id: '7', sha256: null, line: null, version: 1, leadId: 'C3', requestId: 'C3' };
    const evidence: Evidence = {
      ...sound,
      truth: [...sound.truth, create('C3', 'KX1-5')],
      rows: [...sound.rows, entered],
      audit: [
        ...sound.audit,
        { rowId: '7', atMs: 40, action: 'row.recovered', from: null, to: 'registered', version: 1, byListing: false },
      ],
      spool: [...sound.spool, { kind: 'sent', requestId: 'C3' }],
    };
    expect(check(evidence)).toEqual([]);
    expect(rulesBroken({ ...evidence, rows: [...sound.rows, { ...entered, requestId: 'C9' }] })).toEqual([
      'own leadId',
      'nothing lost',
    ]);
  });

  it('asks for no trace of one of whom the ledger knew nothing any more, and for no result that was past its time', () => {
    const kept = [{ place: 'x', text: 'KX0-0' }];
    const taken = [{ rowId: '1', atMs: 12, from: 'registered', to: 'registered', by: 'retention' as const }];
    expect(rulesBroken({ ...sound, kept, taken })).toEqual([]);
    expect(rulesBroken({ ...sound, results: new Map(), withoutResults: new Set([sha256]) })).toEqual([]);
  });

  it('lets the updates of a ledger from a backup begin anew once', () => {
    const truth = [...sound.truth, applied('C1', 1), applied('C1', 2)];
    expect(rulesBroken({ ...sound, truth })).toEqual(['updates in order']);
    expect(rulesBroken({ ...sound, truth, restoredAtMs: 15 })).toEqual([]);
    expect(rulesBroken({ ...sound, truth: [...truth, applied('C1', 1), applied('C1', 2)], restoredAtMs: 15 })).toEqual([
      'updates in order',
    ]);
  });

  it.each(broken)('goes red for %s: %s', (rule, _what, change) => {
    expect(rulesBroken({ ...sound, ...change })).toContain(rule);
  });

  it('has a broken history for every rule', () => {
    expect(new Set(broken.map(([rule]) => rule))).toEqual(new Set(rules));
  });
});
