import type { DriftRules } from './drift.ts';
import type { Expectation } from './expectation.ts';
import type { ResultLanguage } from './faults.ts';
import type { Holidays } from './holidays.ts';
import type { ResultEncoding } from './result-encoding.ts';
import type { RetentionRules } from './retention.ts';

/** Where a field's value comes from: the first header present, or several joined with a space. Headers are compared folded. */
export type ColumnSource = { readonly headers: readonly string[] } | { readonly join: readonly string[] };

export interface FilePattern {
  /** A glob over the file's name, `*` and `?` only, letter case ignored. */
  readonly match: string;
  /** Absent: detected. */
  readonly delimiter?: string;
  /** Absent: detected. */
  readonly encoding?: string;
}

/** An organisation whose CRM exports we carry: its partners/<id>.yaml, validated, with every default filled in. */
export interface Partner {
  readonly id: string;
  /** Hash of the config's text; stored with every file it was used for. */
  readonly version: string;
  readonly defaults: Readonly<Record<string, string>>;
  readonly files: {
    readonly leads: FilePattern | null;
    readonly updates: FilePattern | null;
    /** Records that are leads and say what has become of them. */
    readonly mixed: FilePattern | null;
    /** Template of the file that says that another one is complete: `{name}.done`. Absent: none is waited for. */
    readonly done?: string;
    /** Template of the file that holds another one's SHA-256: `{name}.sha256`. Absent: none is waited for. */
    readonly checksum?: string;
  };
  /** By contract or ledger field; the header aliases of the common CRMs where the config names none. */
  readonly columns: Readonly<Record<string, ColumnSource>>;
  /** Fields that belong to a lead's identity beside partnerLeadId. */
  readonly identity: readonly string[];
  /** By field: the partner's word (folded) to the contract's code. */
  readonly codes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly consent: {
    readonly accepted: readonly string[];
    readonly refused: readonly string[];
    readonly onRefused: 'reject' | 'send';
    readonly onBlank: 'reject' | 'refused';
  };
  readonly agent: {
    readonly default: string | null;
    readonly byPostalCode: Readonly<Record<string, string>>;
    readonly fromCheck: 'always' | 'clientsOnly';
  };
  readonly canal: { readonly client: string | null; readonly prospect: string | null };
  readonly withoutNif: 'reject' | 'send';
  readonly tooLong: 'reject' | 'shorten';
  readonly updates: {
    readonly orderBy: string | null;
    readonly afterFinal: 'reject' | 'send';
    readonly unknownLeadId: 'reject' | 'send';
    /** Template with `{estado}`; used where the row has no observacion. */
    readonly observacion: string | null;
    /** Longest observacion in characters. Null: any. */
    readonly maxObservacion: number | null;
    /** Values of estado that end a lead's life, beside those of domain/estado.ts. */
    readonly finalEstados: readonly string[];
    /** Words of the estado column with which a lead begins: in a mixed file they make no update. */
    readonly initial: readonly string[];
    /** Of several updates of a lead that wait at once only the newest is sent. */
    readonly coalesce: boolean;
    /** So long an update waits for its lead to be registered. Null: the setting of the installation. */
    readonly patienceMs: number | null;
  };
  /** Null: a file is worked on when it arrives. */
  readonly schedule: { readonly cron: string; readonly timeZone: string } | null;
  /** Whose clock the partner's hours are of: that of its schedule, else the installation's. */
  readonly timeZone: string;
  readonly expect: readonly Expectation[];
  readonly holidays: Holidays;
  /** What a file is held for when it is unlike those before it. */
  readonly drift: DriftRules;
  /** After a new mapping so many rows are sent, the others when a person releases the file. 0: all of them at once. */
  readonly firstRows: number;
  /** When what has ended is asked again. */
  readonly recheck: { readonly notManagedMs: number };
  readonly results: {
    readonly echo: boolean;
    readonly language: ResultLanguage;
    readonly encoding: ResultEncoding;
    /** Null: the file's own. */
    readonly delimiter: string | null;
    /** While a file is worked on, its result is issued so often, with the rest as pending. */
    readonly everyMs: number;
    /** The hour at which the results of a night have to be there, `07:00`. Null: nobody waits for them. */
    readonly by: string | null;
    /** A summary of each night is put beside the results. */
    readonly summary: boolean;
  };
  /** How long what is kept of its files and rows stays. */
  readonly retention: RetentionRules;
  /** Where the partner's own systems are told of settled files. Null: nowhere. */
  readonly webhook: {
    readonly url: string;
    /** The name of the file with the secrets, beside the config. */
    readonly secrets: string;
    /** What became of each row is told as well. */
    readonly outcomes: boolean;
  } | null;
  readonly communication: { readonly shared: string | null; readonly own: string | null };
  readonly limits: {
    readonly maxRows: number;
    readonly maxBytes: number;
    /** Characters of one cell. */
    readonly maxCell: number;
    readonly checksPerDay: number;
    /** Rows that differ and have one partnerLeadId: more of them hold the file. Null: any number. */
    readonly rowsPerId: number | null;
  };
}
