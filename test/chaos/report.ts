import type { Cell } from './cell.ts';
import { wasKnown } from './checker/erased-is-gone.ts';
import { createsOf, type Evidence, type Wrong } from './checker/evidence.ts';
import { duplicated } from './checker/one-create.ts';
import type { Act } from './nemesis/act.ts';
import type { OperatorFigures } from './operator/operator.ts';

/** One line of JSON. Counts, unless the name says otherwise. */
export interface ChaosReport {
  readonly cell: string;
  readonly seed: number;
  readonly backend: string;
  readonly rows: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly acts: Readonly<Record<string, number>>;
  readonly kills: number;
  readonly pauses: number;
  readonly restarts: number;
  /** Leads that exist more than once, and those that no "send again" of a person explains. */
  readonly duplicates: number;
  readonly unexplained: number;
  readonly lost: number;
  readonly wrong: readonly Wrong[];
  readonly inDoubt: number;
  /** Of those, rows whose lead existed when they came into doubt. */
  readonly inDoubtCreated: number;
  readonly lateAnswers: number;
  readonly orphans: number;
  /** Answers that a killed process had in its spool, and that another one brought. */
  readonly answersFound: number;
  readonly sentAgain: number;
  readonly replayed: number;
  /** Jobs that the operator has retried in the queue. */
  readonly retried: number;
  /** Listings that had something to say, and rows that were moved by them. */
  readonly reconciled: number;
  readonly byListing: number;
  /** Creates under a key that the API had carried out already. */
  readonly repeats: number;
  /** How often a spool was found ahead of the ledger. */
  readonly behind: number;
  /** Erased persons whom the ledger knew, rows that retention took, and rows that lost what they say with their person. */
  readonly erasures: number;
  readonly retired: number;
  readonly erased: number;
  /** What the cell is for and did not come to: it proves nothing then. */
  readonly notShown: readonly string[];
  readonly workersThatEnded: number;
  /** From healing until every file was settled and nothing waited; null: it never came to that. */
  readonly quietSeconds: number | null;
  readonly seconds: number;
  readonly rowsPerSecond: number;
}

export interface Played {
  readonly cell: Cell;
  readonly evidence: Evidence;
  readonly wrong: readonly Wrong[];
  readonly acts: ReadonlyMap<Act, number>;
  readonly operator: Pick<OperatorFigures, 'replayed' | 'retried' | 'sentAgain'>;
  readonly exits: number;
  readonly quietMs: number | null;
  readonly tookMs: number;
}

export function makeReport(played: Played): ChaosReport {
  const { cell, evidence, wrong, acts, operator } = played;
  const { audit, notes, truth, rows, taken } = evidence;
  const faults: Record<string, number> = {};
  for (const entry of truth) if (entry.kind === 'fault') faults[entry.fault] = (faults[entry.fault] ?? 0) + 1;
  const repeats = truth.filter(({ kind }) => kind === 'repeat').length;
  const reconciled = notes.get('reconcile.done') ?? 0;
  const erasures = evidence.erased.filter((person) => wasKnown(evidence, person)).length;
  const retired = taken.filter(({ by }) => by === 'retention').length;
  const erased = taken.length - retired;
  const behind = notes.get('ledger.behind') ?? 0;
  const shown: readonly (readonly [boolean | undefined, number, string])[] = [
    [cell.acts.length > 0, sum(acts, cell.acts), 'an act of the nemesis'],
    [cell.faults.write > 0, Object.keys(faults).length, 'a fault of the API'],
    [cell.honoursKeys, repeats, 'a repeat under the same key'],
    [cell.listings, reconciled, 'a listing'],
    [cell.restores, behind, 'a ledger that is behind'],
    [cell.erasures !== undefined, erasures, 'a person who was erased while the ledger knew them'],
    [cell.erasures !== undefined, erased, 'a row that was erased'],
    [cell.erasures !== undefined, retired, 'a row past its time'],
  ];
  const doubts = audit.filter(({ to }) => to === 'in_doubt');
  return {
    cell: cell.name,
    seed: cell.seed,
    backend: cell.backend,
    rows: rows.length,
    faults,
    acts: Object.fromEntries(acts),
    kills: sum(acts, ['kill_worker', 'kill_api', 'end_connections']),
    pauses: sum(acts, ['pause_worker', 'pause_worker_longer_than_its_locks', 'pause_api', 'block_event_loop']),
    restarts: sum(acts, ['kill_redis', 'redis_outage', 'restart_postgres', 'flush_redis']) + (cell.restores ? 1 : 0),
    duplicates: duplicated(createsOf(evidence)),
    unexplained: wrong.filter(({ rule }) => rule === 'one create').length,
    lost: wrong.filter(({ rule }) => rule === 'nothing lost').length,
    wrong,
    inDoubt: doubts.length,
    inDoubtCreated: audit.filter(({ action }) => action === 'row.resolved_lead_id').length,
    lateAnswers: audit.filter(({ action, from }) => action === 'row.answered' && from === 'in_doubt').length,
    orphans: audit.filter(({ action }) => action === 'row.orphaned').length,
    answersFound: audit.filter(({ action }) => action === 'row.answer_found').length,
    sentAgain: operator.sentAgain,
    replayed: operator.replayed,
    retried: operator.retried,
    reconciled,
    byListing: audit.filter(({ byListing }) => byListing).length,
    repeats,
    behind,
    erasures,
    retired,
    erased,
    notShown: shown.flatMap(([isAsked, times, what]) => (isAsked === true && times === 0 ? [what] : [])),
    workersThatEnded: played.exits,
    quietSeconds: played.quietMs === null ? null : round(played.quietMs / 1_000),
    seconds: round(played.tookMs / 1_000),
    rowsPerSecond: round((rows.length / played.tookMs) * 1_000),
  };
}

function sum(acts: ReadonlyMap<Act, number>, names: readonly Act[]): number {
  return names.reduce((total, name) => total + (acts.get(name) ?? 0), 0);
}

const round = (value: number): number => Math.round(value * 10) / 10;
