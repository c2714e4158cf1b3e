import { isTaken } from '../app/row-payload.ts';
import { leadToCreate } from '../app/lead-to-create.ts';
import type { AttemptLine } from '../app/ports/ledger.ts';
import type { Settings } from '../app/ports.ts';
import type { FieldsSent, Requests } from '../app/ports/requests.ts';
import type { LeadPayload, LedgerRow, UpdatePayload } from '../app/ports/row.ts';
import type { Endpoint } from '../domain/call-outcome.ts';
import { maskPersonal } from '../domain/mask-personal.ts';
import type { Partner } from '../domain/partner.ts';
import { sayTakenValues } from './taken-values.ts';

/** Values that may be shown, by the contract's spelling of their names. */
type ShownFields = Readonly<Record<string, string>>;

/** What an attempt sends, without what it says of a person. */
export interface ToldRequest {
  readonly endpoint: Endpoint;
  /** Null: this process is told of no API. */
  readonly method: string | null;
  readonly path: string | null;
  /** Null: it can't be made any more, for `withheld`. */
  readonly fields: ShownFields | null;
  readonly withheld: string | null;
}

/** What is kept of an answer's body: nothing but what the ledger works with. */
export interface ToldAnswer {
  readonly fields: ShownFields;
}

/** An attempt with what it sent and what is known of its answer; no answer came where `answer` is null. */
export interface ToldAttempt extends AttemptLine {
  readonly request: ToldRequest;
  readonly answer: ToldAnswer | null;
}

export interface CallsOfRow {
  readonly row: LedgerRow;
  readonly said: { readonly lead: LeadPayload } | { readonly update: UpdatePayload };
  /** The row's message, opened. */
  readonly message: string | null;
  readonly attempts: readonly AttemptLine[];
}

export interface MadeBy {
  /** Null: there is no config of it now. */
  readonly partner: Partner | null;
  readonly settings: Pick<Settings, 'ledgerId'>;
  readonly requests: Requests;
}

/**
 * The attempts of a row with their requests, made anew from what the ledger keeps, by what makes the real ones and with
 * the partner's config of now. Requests and answers are kept nowhere.
 */
export function tellCalls(calls: CallsOfRow, by: MadeBy): readonly ToldAttempt[] {
  return calls.attempts.map((attempt) => ({
    ...attempt,
    request: tellRequest(attempt, calls, by),
    answer: attempt.httpStatus === null ? null : { fields: shown(keptOfAnswer(attempt, calls), readableOfAnswer) },
  }));
}

const endpointOf: Readonly<Record<string, Endpoint>> = { check: 'clientData', create: 'altaLead', push: 'updateLead' };

function tellRequest({ step }: AttemptLine, calls: CallsOfRow, by: MadeBy): ToldRequest {
  const endpoint = endpointOf[step] ?? 'altaLead';
  const { method, path } = by.requests.endpoints?.[endpoint] ?? { method: null, path: null };
  const made = isTaken(calls.row) ? 'its values are gone' : makeFields(endpoint, calls, by);
  const withheld = sayTakenValues(calls.row) ?? (typeof made === 'string' ? made : null);
  return {
    endpoint,
    method,
    path,
    withheld,
    fields: withheld !== null || typeof made === 'string' ? null : shown(made, readableOfRequest),
  };
}

/** The fields; a text says why there are none. */
function makeFields(
  endpoint: Endpoint,
  { row, said }: CallsOfRow,
  { partner, settings, requests }: MadeBy,
): FieldsSent | string {
  if ('update' in said) return requests.fields.updateLead({ ...said.update, leadId: row.leadId ?? '' });
  if (endpoint === 'clientData') return requests.fields.clientData(said.lead.fields['dni'] ?? '');
  if (partner === null) return 'its partner has no valid config now';
  const next = leadToCreate(settings, row, said.lead, partner);
  if (next.kind !== 'create') return "by its partner's config of now it would not be sent";
  // Of the config of then there is this alone.
  const agent = row.agenteId === null || row.agenteId === '' ? {} : { agenteId: row.agenteId };
  return requests.fields.altaLead({ ...next.lead, ...agent });
}

/** The row has what its last answer of each sort said: what an earlier one said is gone. */
function keptOfAnswer(attempt: AttemptLine, { row, message, attempts }: CallsOfRow): FieldsSent {
  const isLast = (among: (other: AttemptLine) => boolean): boolean =>
    attempt ===
    attempts
      .filter(among)
      .toSorted((a, b) => ended(a) - ended(b))
      .at(-1);
  const spoken = message !== null && isLast(setsMessage) ? { message } : {};
  if (attempt.outcome !== 'answered') return spoken;
  switch (attempt.step) {
    case 'check': {
      const isKept = isLast(({ step, outcome }) => step === 'check' && outcome === 'answered');
      return isKept && row.clientAnswer !== null ? withoutNulls({ ...row.clientAnswer }) : {};
    }
    case 'create': {
      const { leadId } = attempt;
      return withoutNulls({
        leadId,
        idLanding: leadId !== null && leadId === row.leadId ? row.idLanding : null,
        ...spoken,
      });
    }
    default:
      // An answer that names another lead is none.
      return withoutNulls({ leadId: row.leadId, ...spoken });
  }
}

/** Whose answers leave their message on the row. */
function setsMessage({ step, outcome }: AttemptLine): boolean {
  return outcome === 'refused' || outcome === 'inconclusive' || (outcome === 'answered' && step !== 'check');
}

function ended({ endedAt }: AttemptLine): number {
  return endedAt?.getTime() ?? 0;
}

function withoutNulls(fields: Readonly<Record<string, string | boolean | null>>): FieldsSent {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string | boolean] => entry[1] !== null),
  );
}

/** Codes and flags, which say nothing of a person. What is not listed is masked: a later version's new fields, too. */
const codes = new Set([
  'acceptTerms',
  'agenteId',
  'agentId',
  'canal',
  'client',
  'estado',
  'leadOrigin',
  'motivoLlamada',
  'multiAcceso',
  'partnerManage',
  'ramo',
]);

/** Shorter than a NIF, a phone number or an e-mail: a column that was mapped by mistake shows none of them. */
const codeShape = /^[\dA-Za-z_-]{1,8}$/;

/** Ids, shown as everywhere. An idLanding that is sent comes from a partner's file, where it may be anything. */
const readableOfRequest = new Set(['leadId', 'partnerLeadId']);
/** The API's words came scrubbed. */
const readableOfAnswer = new Set(['idLanding', 'leadId', 'message']);

function shown(fields: FieldsSent, readable: ReadonlySet<string>): ShownFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, shownValue(name, String(value), readable)]),
  );
}

function shownValue(name: string, value: string, readable: ReadonlySet<string>): string {
  if (codes.has(name) && codeShape.test(value)) return value;
  if (readable.has(name)) return maskPersonal(value);
  return `•••• (${[...value].length})`;
}

/** The request in words, for a line. */
export function sayRequest({ endpoint, method, path, fields, withheld }: ToldRequest): string {
  const where = method === null || path === null ? endpoint : `${method} ${path}`;
  return `${where}: ${fields === null ? `not shown, ${withheld ?? ''}` : sayFields(fields)}`;
}

/** What is kept of the answer in words, for a line. */
export function sayAnswer({ answer, httpStatus }: ToldAttempt): string {
  if (answer === null) return 'none';
  return `HTTP ${httpStatus ?? ''}: ${sayFields(answer.fields)}`;
}

function sayFields(fields: ShownFields): string {
  const all = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  return all.length === 0 ? 'nothing of it is kept' : all.join(', ');
}
