import { destination as fileDestination, pino, stdTimeFunctions, type DestinationStream } from 'pino';
import type { Log, LogEvent, LogEvents } from '../../app/ports/log.ts';
import { wordings, type Wording } from './wording.ts';

const maxCharacters = 300;

// The second net, under the list of fields: names that a field must never get, and shapes that a value must never have.
const personalNames = [
  'acceptTerms',
  'body',
  'dni',
  'email',
  'err',
  'headers',
  'message',
  'name',
  'nif',
  'phone',
  'url',
];
const personalShapes: readonly (readonly [RegExp, string])[] = [
  [/[^\s@]+@[^\s@]+/g, '[e-mail]'],
  [/(?<![\p{L}\p{N}])(?:\d{8}[- ]?[A-Z]|[A-Z][- ]?\d{7}[- ]?[A-Z\d])(?![\p{L}\p{N}])/giu, '[NIF]'],
];

/**
 * The log: a JSON line an event, with the fields of the port and nothing else. To standard error unless told otherwise,
 * since standard output belongs to what a command answers. Written at once: the last line before a crash is there.
 */
export function createLog(options: {
  /** A level of pino's, or `silent`. */
  readonly level: string;
  /** Defaults to standard error. */
  readonly destination?: DestinationStream;
}): Log {
  const logger = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: { paths: personalNames, censor: '[redacted]' },
    },
    options.destination ?? fileDestination({ dest: 2, sync: true }),
  );
  return {
    event(name, fields) {
      const { level, message, fields: declared }: Wording = wordings[name];
      if (logger.isLevelEnabled(level)) logger[level]({ event: name, ...pick(fields, declared) }, message);
    },
  };
}

function pick(fields: LogEvents[LogEvent], declared: readonly string[]): Record<string, unknown> {
  const values = fields as Readonly<Record<string, unknown>>;
  return Object.fromEntries(declared.map((field) => [field, plain(values[field])]));
}

/** Texts, numbers, booleans and null. An object is never looked into: nobody knows what is in it. */
function plain(value: unknown): string | number | boolean | null {
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return value;
    case 'string':
      return personalShapes.reduce((text, [shape, word]) => text.replace(shape, word), value.slice(0, maxCharacters));
    case 'undefined':
      return null;
    default:
      return value === null ? null : '[object]';
  }
}
