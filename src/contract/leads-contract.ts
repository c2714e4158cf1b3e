import type { ZodError, ZodType } from 'zod';
import type { ClientAnswer, LeadAnswer, RecognisedBody, UpdateAnswer } from './recognised-body.ts';

/** One field of the alta lead request. A superset of domain/lead.ts's FieldRule, so that a list of these is a list of rules for rows. */
export interface LeadField {
  /** What our rows, columns and configs call it. The same in every version, so that a config outlives one. */
  readonly name: string;
  /** What a body calls it. Null: the same. */
  readonly wireName: string | null;
  readonly required: boolean;
  /** In characters (code points, NFC). Null: the specification states none. */
  readonly maxLength: number | null;
  /** Steers what happens to the lead: a wrong value rejects the row instead of being left out. */
  readonly steering: boolean;
  /** The only legal values, where the specification closes the list. */
  readonly values: readonly string[] | null;
  /** The form of a legal value, where the specification states one. */
  readonly pattern: RegExp | null;
  /** The same in words, after "must be". */
  readonly patternSays: string | null;
  /** Its type in a JSON body. Codes are strings of digits, so that leading zeros live. */
  readonly json: 'string' | 'boolean';
  /** From the specification. */
  readonly description: string;
}

export type JsonObject = Readonly<Record<string, string | number | boolean>>;

/** A request as the server reads it, or every field that is wrong with it. */
export type ReadRequest<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: ZodError };

/** What a server says to a client data request. `about` is null with a KO. */
export interface ClientSaid {
  readonly status: 'OK' | 'KO';
  readonly message: string;
  readonly nif: string;
  readonly about: ClientAnswer | null;
}

/** What an answer is judged against: the HTTP status it came with and the subject that was asked about. */
export interface AskedNif {
  readonly httpStatus: number;
  readonly nif: string;
}
export interface AskedLead {
  readonly httpStatus: number;
}
export interface AskedUpdate {
  readonly httpStatus: number;
  readonly leadId: string;
}

/**
 * One version of the Leads Contract API: everything that differs between versions, and nothing about the network.
 * `toRequest` and `fromAnswer` are the client's half, `fromRequest` and `toAnswer` the server's. A later version is a folder of its own behind this interface.
 */
export interface LeadsContract {
  readonly version: string;
  /** The alta lead request, field by field, in the order of the specification. */
  readonly leadFields: readonly LeadField[];
  /** Codes of `leadOrigin` with their names. An open list: others are legal. */
  readonly leadOrigins: Readonly<Record<string, string>>;
  /** Codes of `ramo` as we assume them, for examples: the specification gives none. */
  readonly assumedRamos: Readonly<Record<string, string>>;
  readonly schemas: {
    readonly clientData: { readonly request: ZodType; readonly response: ZodType };
    readonly altaLead: { readonly request: ZodType; readonly response: ZodType };
    readonly updateLead: { readonly request: ZodType; readonly response: ZodType };
  };
  readonly toRequest: {
    clientData(nif: string): JsonObject;
    altaLead(fields: Readonly<Record<string, string>>): JsonObject;
    updateLead(update: { readonly leadId: string; readonly estado: string; readonly observacion: string }): JsonObject;
  };
  /** `body` is parsed JSON or a form. Strict: required fields, limits, closed lists. */
  readonly fromRequest: {
    clientData(body: unknown): ReadRequest<{ readonly nif: string }>;
    altaLead(body: unknown): ReadRequest<Readonly<Record<string, string>>>;
    updateLead(
      body: unknown,
    ): ReadRequest<{ readonly leadId: string; readonly estado: string; readonly observacion: string }>;
  };
  readonly toAnswer: {
    clientData(said: ClientSaid): JsonObject;
    altaLead(said: { readonly leadId: string; readonly idLanding: string; readonly message: string }): JsonObject;
    updateLead(said: { readonly leadId: string; readonly message: string }): JsonObject;
  };
  /** `body` is parsed JSON, or undefined where the answer was no JSON. Nothing here throws. */
  readonly fromAnswer: {
    clientData(body: unknown, asked: AskedNif): RecognisedBody<ClientAnswer>;
    altaLead(body: unknown, asked: AskedLead): RecognisedBody<LeadAnswer>;
    updateLead(body: unknown, asked: AskedUpdate): RecognisedBody<UpdateAnswer>;
  };
}
