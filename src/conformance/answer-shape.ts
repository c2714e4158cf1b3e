import { z } from 'zod';
import type { ZodType } from 'zod';
import { scrub } from '../domain/scrub.ts';
import type { Finding } from './check.ts';
import { contentTypeOf, describeExchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { isRecognisedRefusal, isTurnedAway, observed, skipped } from './verdict.ts';

type Body = Readonly<Record<string, unknown>>;

/** The JSON type of every documented field, and the names of those that are not documented. Never a value. */
export function typesOf(exchange: Exchange, schema: ZodType): string {
  const body = objectOf(exchange.body);
  if (body === null) return `no JSON object [${contentTypeOf(exchange)}]`;
  const documented = fieldsOf(schema);
  const typed = documented.map((name) => `${name} ${jsonTypeOf(body[name])}`);
  const others = Object.keys(body).filter((name) => !documented.includes(name));
  return [...typed, ...others.map((name) => `${shownKey(name)} ${jsonTypeOf(body[name])} (not documented)`)].join(', ');
}

/** Whether an answer has every documented field but those in `except`, which depend on the case. */
export function documentedFields(
  exchange: Exchange,
  schema: ZodType,
  { except = [], set }: { readonly except?: readonly string[]; readonly set: string },
): Finding {
  const body = objectOf(exchange.body);
  const names = fieldsOf(schema).filter((name) => !except.includes(name));
  const missing = names.filter((name) => body === null || ['absent', 'null'].includes(jsonTypeOf(body[name])));
  const expected = `${names.join(', ')} in the answer`;
  if (missing.length === 0) return { result: 'pass', expected, got: 'all of them', set: null };
  return { result: 'fail', expected, got: `without ${missing.join(', ')}`, set };
}

/** How a deployment refuses: status, media type, and the keys of the body. */
export function refusalShape(exchange: Exchange | null): Finding {
  const expected = 'status, content type and keys of a refusal';
  if (exchange === null || !isTurnedAway(exchange)) return skipped(expected, 'nothing was refused');
  const body = objectOf(exchange.body);
  const keys =
    body === null
      ? 'no JSON object'
      : `keys ${Object.keys(body).map(shownKey).toSorted().join(', ') || 'none'}; message is ${jsonTypeOf(body['message'])}`;
  return observed(expected, `HTTP ${exchange.httpStatus} ${contentTypeOf(exchange)}; ${keys}`);
}

/** Whether leadsync knows this deployment's refusals for what they are. `otherwise` is what happens to a row if not. */
export function refusalsRecognised(exchanges: readonly Exchange[], otherwise: string): Finding {
  const expected = 'refusals as JSON with a text `message` (or a KO), which leadsync recognises';
  const refusals = exchanges.filter(isTurnedAway);
  const [strange] = refusals.filter((exchange) => !isRecognisedRefusal(exchange));
  if (refusals.length === 0) return skipped(expected, 'nothing was refused');
  if (strange !== undefined) {
    const set = `nothing here: ${otherwise}; ask the API team for a refusal with a message`;
    return { result: 'fail', expected, got: describeExchange(strange), set };
  }
  return { result: 'pass', expected, got: `${refusals.length} of ${refusals.length} recognised`, set: null };
}

/** Which of the wrong fields a refusal names. */
export function namesFields(exchange: Exchange, wrong: readonly string[]): Finding {
  const expected = `a refusal that names all ${wrong.length} wrong fields at once`;
  if (!isTurnedAway(exchange)) return observed(expected, `not refused: ${describeExchange(exchange)}`);
  const named = wrong.filter((name) => new RegExp(`(?<!\\w)${name}(?!\\w)`).test(exchange.text));
  const all = named.length === wrong.length;
  return observed(
    expected,
    all ? `names all ${wrong.length}` : `names ${named.length} of ${wrong.length}: ${named.join(', ') || 'none'}`,
    all ? null : 'nothing: leadsync checks the fields itself and names all that are wrong',
  );
}

function fieldsOf(schema: ZodType): string[] {
  return Object.keys(z.toJSONSchema(schema, { io: 'input' }).properties ?? {});
}

function objectOf(value: unknown): Body | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : null;
}

/** Some APIs key their answers by the person that was asked about. */
function shownKey(name: string): string {
  return scrub(name) ?? '(empty)';
}

function jsonTypeOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return value === '' ? 'empty text' : 'text';
  return typeof value;
}
