import type { Deployment } from './deployment.ts';

/**
 * How much a check weighs. `must`: leadsync can't work without it. `should`: the specification says so. `seen`: the
 * specification is silent, so what the deployment does is written down and not judged.
 */
export type Level = 'must' | 'should' | 'seen';

/** What one check found. Nothing in it is personal: types and codes instead of values, messages scrubbed. */
export interface Finding {
  readonly result: 'pass' | 'fail' | 'observed' | 'skipped';
  readonly expected: string;
  readonly got: string;
  /** What follows for leadsync: an environment variable, a key of the partner config, or why there is nothing to set. Null: nothing follows. */
  readonly set: string | null;
}

export interface Check {
  /** `area.what`, stable: scripts match on it. */
  readonly name: string;
  readonly level: Level;
  /** The part of the specification that it stands in. Null: in none. */
  readonly spec: string | null;
  /** A check that has to pass or observe before this one can say anything. */
  readonly needs?: string;
  /** Calls that it makes at most. More are refused by the deployment. */
  readonly calls: number;
  /** Of these, the calls that may leave a lead behind. Defaults to 0. */
  readonly leads?: number;
  readonly run: (deployment: Deployment) => Promise<Finding>;
}

/** A check with what it found: one line of the report, and one object of `--json`. */
export interface CheckedFinding extends Finding {
  readonly name: string;
  readonly level: Level;
  readonly spec: string | null;
  /** Calls that were made for it. */
  readonly calls: number;
}
