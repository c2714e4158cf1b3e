import type { TruthEntry } from '../api/truth.ts';
import type { PartnerFile } from '../world/partner-files.ts';

/** All that the checker looks at. No line of the product's code stands between it and these. */
export interface Evidence {
  /** Who judged the doubts. */
  readonly operator: 'careful' | 'careless';
  readonly files: readonly PartnerFile[];
  /** What the API did, in order. */
  readonly truth: readonly TruthEntry[];
  readonly rows: readonly RowEvidence[];
  readonly audit: readonly AuditEvidence[];
  /** By the file's SHA-256. */
  readonly results: ReadonlyMap<string, readonly ResultLine[]>;
  /** Everything that must hold no personal data: logs, what the queue's store was told, names of files. */
  readonly writings: readonly Writing[];
}

export interface RowEvidence {
  readonly id: string;
  readonly kind: 'lead' | 'update';
  /** Of its file. */
  readonly sha256: string;
  /** Its line in the file, from 1 below the header. */
  readonly line: number;
  readonly state: string;
  readonly version: number;
  readonly leadId: string | null;
}

export interface AuditEvidence {
  readonly rowId: string;
  readonly atMs: number;
  readonly action: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly version: number;
}

export interface ResultLine {
  readonly row: string;
  readonly outcome: string;
  readonly leadId: string;
}

export interface Writing {
  readonly place: string;
  readonly text: string;
}

/** One promise that was broken. `detail` holds ids of rows and of leads at the API, and nothing of a person. */
export interface Wrong {
  readonly rule: Rule;
  readonly detail: string;
}

export const rules = [
  'one create',
  'own leadId',
  'nothing lost',
  'nothing stuck',
  'every line',
  'audit',
  'updates in order',
  'no personal data',
] as const;
export type Rule = (typeof rules)[number];

export type Check = (evidence: Evidence) => readonly Wrong[];

/** The partner's line that a row came from. */
export function lineOf(files: ReadonlyMap<string, PartnerFile>, row: RowEvidence): PartnerFile['lines'][number] | null {
  return files.get(row.sha256)?.lines[row.line - 1] ?? null;
}

export function bySha({ files }: Evidence): ReadonlyMap<string, PartnerFile> {
  return new Map(files.map((file) => [file.sha256, file]));
}

export type Create = Extract<TruthEntry, { kind: 'create' }>;

export function createsOf({ truth }: Evidence): readonly Create[] {
  return truth.filter((entry) => entry.kind === 'create');
}
