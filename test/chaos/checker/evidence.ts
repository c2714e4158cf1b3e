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
  /** How often each thing happened that is no row's: a ledger found behind, a listing reconciled. */
  readonly notes: ReadonlyMap<string, number>;
  /** Every line of every host's spool, in the order of each. */
  readonly spool: readonly SpoolEvidence[];
  /** When the ledger was brought back from a backup. Null: never. */
  readonly restoredAtMs: number | null;
  /** By the file's SHA-256. */
  readonly results: ReadonlyMap<string, readonly ResultLine[]>;
  /** Everything that must hold no personal data: logs, what the queue's store was told, names of files. */
  readonly writings: readonly Writing[];
  /** Whose data a person has had erased. */
  readonly erased: readonly ErasedPerson[];
  /** Rows that have lost what they say, at the moment they did. */
  readonly taken: readonly Taken[];
  /** Files whose results retention took away: their SHA-256. */
  readonly withoutResults: ReadonlySet<string>;
  /** All that is kept for the partner, in files and in rows, with what is sealed opened. Read only where somebody was erased. */
  readonly kept: readonly Writing[];
}

export interface ErasedPerson {
  readonly partnerLeadId: string;
  /** NIF, phone, e-mail. */
  readonly values: readonly string[];
  readonly askedMs: number;
  /** When leadsync said that nothing is left to do. Null: it has said that it goes on by itself. */
  readonly doneMs: number | null;
}

export interface Taken {
  readonly rowId: string;
  readonly atMs: number;
  /** In which the row was until then, and from then on. */
  readonly from: string;
  readonly to: string;
  readonly by: 'erasure' | 'retention';
}

export interface RowEvidence {
  readonly id: string;
  readonly kind: 'lead' | 'update';
  /** Of its file. Null: the ledger lost the file, and the row stands for a lead that the spool knows. */
  readonly sha256: string | null;
  /** Its line in the file, from 1 below the header. */
  readonly line: number | null;
  /** The X-Request-Id of its last request. */
  readonly requestId: string | null;
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
  /** A listing said so, and a person only agreed. */
  readonly byListing: boolean;
}

export type SpoolEvidence =
  | { readonly kind: 'sent'; readonly requestId: string }
  | {
      readonly kind: 'answered';
      readonly requestId: string;
      readonly outcome: string;
      readonly leadId: string | null;
    };

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
  'true spool',
  'no personal data',
  'nothing open taken',
  'erased is gone',
] as const;
export type Rule = (typeof rules)[number];

export type Check = (evidence: Evidence) => readonly Wrong[];

/** The partner's id of the lead that a row is about: its line says so or, where the ledger lost the file, its request. */
export function readLeads(evidence: Evidence): (row: RowEvidence) => string | undefined {
  const files = bySha(evidence);
  const byRequest = new Map(createsOf(evidence).map((create) => [create.requestId, create.partnerLeadId]));
  return ({ sha256, line, requestId }) =>
    sha256 === null || line === null
      ? byRequest.get(requestId ?? '')
      : files.get(sha256)?.lines[line - 1]?.partnerLeadId;
}

export function bySha({ files }: Evidence): ReadonlyMap<string, PartnerFile> {
  return new Map(files.map((file) => [file.sha256, file]));
}

export type Create = Extract<TruthEntry, { kind: 'create' }>;

export function createsOf({ truth }: Evidence): readonly Create[] {
  return truth.filter((entry) => entry.kind === 'create');
}
