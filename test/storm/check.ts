import type { TruthEntry } from '../chaos/api/truth.ts';
import { fileKey, type StormAttempt, type StormEvidence, type StormRow } from './gather.ts';
import { partnerField, type StormLine } from './storm-files.ts';

export const rules = ['accounted', 'own lead', 'order', 'repeats', 'told'] as const;
export type Rule = (typeof rules)[number];

/** One promise that was broken. */
export interface Wrong {
  readonly rule: Rule;
  readonly detail: string;
}

type Effect = Extract<TruthEntry, { kind: 'update' }>;

/** The evidence joined: which line each row came from, and which row and line each effect at the API is of. */
interface Joined extends StormEvidence {
  readonly rowOf: ReadonlyMap<string, StormRow>;
  readonly lineOf: (row: StormRow) => StormLine | undefined;
  readonly attemptOf: ReadonlyMap<string, StormAttempt>;
  /** By partner and the partner's own id: what the API did to that lead, in its order. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
}

/** Looks at what came of it all, with no line of the product, and names every broken promise. */
export function check(evidence: StormEvidence): readonly Wrong[] {
  const joined = join(evidence);
  return [accounted, ownLead, order, repeats, told].flatMap((rule) => rule(joined));
}

function join(evidence: StormEvidence): Joined {
  const files = new Map(evidence.files.map((file) => [fileKey(file.partner, file.sha256), file]));
  const leadOf = new Map(
    evidence.truth.flatMap((entry) =>
      entry.kind === 'create' ? [[entry.leadId, `${entry.partner} ${entry.partnerLeadId}`] as const] : [],
    ),
  );
  return {
    ...evidence,
    rowOf: new Map(evidence.rows.map((row) => [row.id, row])),
    lineOf: (row) => files.get(fileKey(row.partner, row.sha256))?.lines[row.line - 1],
    attemptOf: new Map(evidence.attempts.map((attempt) => [attempt.id, attempt])),
    effects: Map.groupBy(effectsOf(evidence), ({ leadId }) => leadOf.get(leadId) ?? `no lead ${leadId}`),
  };
}

export function effectsOf({ truth }: Pick<StormEvidence, 'truth'>): readonly Effect[] {
  return truth.filter((entry) => entry.kind === 'update');
}

const leadKey = ({ partner, partnerLeadId }: StormLine): string => `${partnerField(partner)} ${partnerLeadId}`;

/** Every line is one row, and every row has come to the end that its line has. */
function accounted({ variant, files, rows, lineOf, effects }: Joined): readonly Wrong[] {
  const wrong: Wrong[] = [];
  const say = (detail: string): void => void wrong.push({ rule: 'accounted', detail });
  const seen = Map.groupBy(rows, ({ partner, sha256 }) => fileKey(partner, sha256));
  for (const file of files) {
    const lines = (seen.get(fileKey(file.partner, file.sha256)) ?? []).map(({ line }) => line);
    if (lines.length !== file.lines.length || new Set(lines).size !== lines.length)
      say(`${file.partner} ${file.name}: ${file.lines.length} lines, ${lines.length} rows`);
  }
  const doneTo = new Map([...effects].map(([lead, all]) => [lead, new Set(all.map(({ observacion }) => observacion))]));
  for (const row of rows) {
    const line = lineOf(row);
    if (line === undefined) say(`row ${row.id} is of no line`);
    else if (!endsOf(variant, row, line).has(row.state)) say(`row ${row.id} is ${row.state} (${row.code})`);
    else if (row.state === 'rejected' && row.code !== 'ROW_LEAD_OF_ANOTHER_PARTNER')
      say(`row ${row.id} is rejected for ${row.code}`);
    else if (row.kind === 'update') {
      const done = doneTo.get(leadKey(line))?.has(line.observacion ?? '') === true;
      if (row.state === 'pushed' && !done) say(`row ${row.id} is pushed, and the API has not seen it`);
      if (row.state === 'superseded' && done) say(`row ${row.id} is superseded, and the API carried it out`);
    }
  }
  return wrong;
}

function endsOf(variant: StormEvidence['variant'], row: StormRow, line: StormLine): ReadonlySet<string> {
  if (row.kind === 'lead') return new Set(['registered']);
  if (line.isForeign) return new Set(['rejected']);
  if (variant === 'dated') return new Set(['pushed', 'superseded']);
  return new Set([line.isRepeat ? 'duplicate' : 'pushed']);
}

/** The API sees an update only of a lead that it has created, of that partner, by a request that belongs to the row. */
function ownLead({ effects, attemptOf, rowOf, lineOf }: Joined): readonly Wrong[] {
  return [...effects].flatMap(([lead, all]) =>
    all.flatMap(({ requestId, observacion, leadId }) => {
      const row = rowOf.get(attemptOf.get(requestId)?.rowId ?? '');
      const line = row === undefined ? undefined : lineOf(row);
      const isOwn = line !== undefined && !line.isForeign && leadKey(line) === lead && line.observacion === observacion;
      return isOwn ? [] : [{ rule: 'own lead' as const, detail: `${leadId}: "${observacion}" is of ${lead}` }];
    }),
  );
}

/** Of one lead, the updates are carried out in the partner's order, none is missing, and it ends as the partner left it. */
function order({ variant, files, effects }: Joined): readonly Wrong[] {
  const wrong: Wrong[] = [];
  const lines = files.flatMap((file) => file.lines).filter((line) => line.observacion !== null && !line.isForeign);
  for (const [lead, own] of Map.groupBy(lines, leadKey)) {
    const nths = (effects.get(lead) ?? []).map(({ observacion }) => Number(/\d+$/.exec(observacion)?.[0]));
    const steps = nths.filter((nth, index) => nth !== nths[index - 1]);
    const newest = Math.max(...own.map(({ nth }) => nth));
    const isRight =
      variant === 'strict'
        ? steps.length === newest && steps.every((nth, index) => nth === index + 1)
        : steps.every((nth, index) => nth > (steps[index - 1] ?? 0)) && steps.at(-1) === newest;
    if (!isRight) wrong.push({ rule: 'order', detail: `${lead}: ${nths.join(', ')} of ${newest}` });
  }
  return wrong;
}

/**
 * An update is sent again only after a request of it that had not been answered clearly by then: that ended ambiguously,
 * or not at all, or was answered when it was too late. The order is that of the requests: one that lay in a buffer is
 * carried out after the one that was sent in its place.
 */
function repeats({ effects, attemptOf }: Joined): readonly Wrong[] {
  const sent = [...effects.values()].flat().flatMap(({ requestId }) => attemptOf.get(requestId) ?? []);
  return [...Map.groupBy(sent, ({ rowId }) => rowId)].flatMap(([rowId, ofRow]) => {
    const inOrder = ofRow.toSorted((one, other) => one.begunMs - other.begunMs);
    return inOrder.flatMap((attempt, index) => {
      const next = inOrder[index + 1];
      if (next === undefined || attempt.outcome === 'ambiguous' || (attempt.endedMs ?? Infinity) > next.begunMs)
        return [];
      return [{ rule: 'repeats' as const, detail: `row ${rowId} again after ${attempt.outcome}` }];
    });
  });
}

/** The partner is told of each line what the ledger says. */
function told({ files, rows, results }: Joined): readonly Wrong[] {
  const wrong: Wrong[] = [];
  const say = (detail: string): void => void wrong.push({ rule: 'told', detail });
  const stateOf = new Map(
    rows.map(({ partner, sha256, line, state }) => [`${fileKey(partner, sha256)} ${line}`, state]),
  );
  for (const { partner, name, sha256, lines } of files) {
    const key = fileKey(partner, sha256);
    const results_ = results.get(key);
    if (results_ === undefined) say(`${partner} ${name}: no result file`);
    else if (results_.length !== lines.length || new Set(results_.map(({ row }) => row)).size !== lines.length)
      say(`${partner} ${name}: ${results_.length} results of ${lines.length} lines`);
    else {
      const differing = results_.filter(({ row, outcome }) => stateOf.get(`${key} ${Number(row) - 1}`) !== outcome);
      if (differing.length > 0) say(`${partner} ${name}: ${differing.length} results are not what the ledger says`);
    }
  }
  return wrong;
}

/** Of effects that were repeated: those whose earlier request the API itself had troubled, and the others. */
export function countRepeats(evidence: StormEvidence): { readonly afterFault: number; readonly afterKill: number } {
  const troubled = new Set(evidence.truth.flatMap((entry) => (entry.kind === 'fault' ? [entry.requestId] : [])));
  const rowOf = new Map(evidence.attempts.map(({ id, rowId }) => [id, rowId]));
  const again = [...Map.groupBy(effectsOf(evidence), ({ requestId }) => rowOf.get(requestId)).values()].flatMap((all) =>
    all.slice(0, -1),
  );
  const afterFault = again.filter(({ requestId }) => troubled.has(requestId)).length;
  return { afterFault, afterKill: again.length - afterFault };
}
