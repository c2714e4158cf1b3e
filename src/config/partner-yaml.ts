import { createHash } from 'node:crypto';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { ConfigFault } from '../domain/config-fault.ts';
import type { Partner } from '../domain/partner.ts';
import { parseAgentTable } from './agent-table.ts';
import { deepFreeze } from './deep-freeze.ts';
import { partnerSchemaFor, type ConfigurableField } from './partner-schema.ts';
import { retentionRules } from './partner-retention.ts';
import { shown } from './setting-faults.ts';

export interface PartnerOptions {
  /** The contract's. */
  readonly leadFields: readonly ConfigurableField[];
  /** Of schedules that name none. Defaults to Europe/Madrid. */
  readonly timeZone?: string;
}

/**
 * Reads the text of partners/<id>.yaml, with every default filled in. Columns that it does not name stay unnamed: the
 * header aliases are for them. `readTable` answers the text of a file beside the YAML, or null. Throws one ConfigFault
 * CONFIG_PARTNER_INVALID with a line for every fault: file, line, path, what was expected, what was found.
 */
export function parsePartner(
  id: string,
  text: string,
  readTable: (name: string) => string | null,
  options: PartnerOptions,
): Partner {
  const lines = new LineCounter();
  // Failsafe: every scalar is the text that stands there. 0051245 stays a code, `no` a word, 1e3 an id.
  const document = readDocument(id, () =>
    parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false }),
  );
  const syntax = document.errors.map(({ message, pos }) => faultLine(id, lines.linePos(pos[0]).line, [], message));
  if (syntax.length > 0) throw invalid(syntax);

  const timeZone = options.timeZone ?? 'Europe/Madrid';
  const schema = partnerSchemaFor(options.leadFields, id, timeZone);
  const parsed = schema.safeParse(readDocument(id, () => withoutBlanks(document.toJS() as unknown)));
  if (!parsed.success) {
    throw invalid(parsed.error.issues.flatMap((issue) => describeIssue(id, issue, document, lines)));
  }
  const { partner: _, agent, archive, files, retention, ...rest } = parsed.data;
  const table = readAgents(id, agent.byPostalCode, readTable, lineOf(['agent', 'byPostalCode'], document, lines));
  return deepFreeze<Partner>({
    ...rest,
    id,
    version: versionOf(text, table.text),
    timeZone: rest.schedule?.timeZone ?? timeZone,
    files: {
      leads: files.leads ?? null,
      updates: files.updates ?? null,
      mixed: files.mixed ?? null,
      ...(files.done === undefined ? {} : { done: files.done }),
      ...(files.checksum === undefined ? {} : { checksum: files.checksum }),
    },
    agent: { ...agent, byPostalCode: table.agents },
    retention: retentionRules(archive, retention),
  });
}

/** Aliases of aliases, and what stands in itself, end in an error that is thrown: one such config must not stop the others. */
function readDocument<T>(id: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const expected = 'expected lists and keys a few levels deep, with few aliases (*name)';
    const line = faultLine(id, 1, [], `${expected}, got a text that unfolds without end`);
    throw new ConfigFault('CONFIG_PARTNER_INVALID', line, { cause: error });
  }
}

/** A key without a value is as good as absent: its default holds. */
function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null && part !== '');
  return Object.fromEntries(entries.map(([key, part]) => [key, withoutBlanks(part)]));
}

function readAgents(
  id: string,
  name: string | null,
  readTable: (name: string) => string | null,
  line: number,
): { readonly text: string; readonly agents: Readonly<Record<string, string>> } {
  if (name === null) return { text: '', agents: {} };
  const text = readTable(name);
  const path = ['agent', 'byPostalCode'];
  if (text === null) throw invalid([faultLine(id, line, path, `expected a file beside this one, got no ${name}`)]);
  const table = parseAgentTable(text);
  if (table.kind === 'table') return { text, agents: table.agents };
  throw invalid(table.faults.map((fault) => faultLine(id, line, path, `${name}, ${fault}`)));
}

/** The agents' table decides about rows as much as the YAML does. */
function versionOf(text: string, table: string): string {
  return createHash('sha256')
    .update(`${Buffer.byteLength(text)}\n`)
    .update(text)
    .update(table)
    .digest('hex');
}

function describeIssue(id: string, issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      faultLine(id, lineOf([...path, key], document, lines), [...path, key], 'expected a key that leadsync knows'),
    );
  }
  const line = lineOf(path, document, lines);
  return [faultLine(id, line, path, `expected ${expectedBy(issue)}, got ${found(path, document)}`)];
}

function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return issue.values.length === 1 ? issue.message : `one of ${issue.values.join(', ')}`;
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.message;
    case 'too_small':
      if (issue.origin === 'array') return `a list of ${issue.minimum} or more`;
      return issue.origin === 'string' ? issue.message : `${issue.minimum} or more`;
    default:
      return issue.message;
  }
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
  string: 'a text',
};

function found(path: readonly string[], document: Document): string {
  const value: unknown = document.getIn(path);
  if (typeof value === 'string') return shown(value, false);
  return value === undefined || value === null ? 'nothing' : 'something else';
}

/** The line of the last part of the path that stands in the file. */
function lineOf(path: readonly string[], document: Document, lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as number[] | null) : null;
    if (range?.[0] !== undefined) return lines.linePos(range[0]).line;
  }
  return 1;
}

function faultLine(id: string, line: number, path: readonly string[], text: string): string {
  const at = path.length === 0 ? '' : `, ${path.join('.')}`;
  return `${id}.yaml line ${line}${at}: ${text}`;
}

function invalid(lines: readonly string[]): ConfigFault {
  return new ConfigFault('CONFIG_PARTNER_INVALID', lines.join('\n'));
}
