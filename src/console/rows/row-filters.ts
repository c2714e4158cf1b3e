import type { WalkFilter } from '../../app/ports/ledger-pages.ts';
import { isNight } from '../../domain/night.ts';
import { readInstant } from '../../view/instant.ts';
import { readFaultCode, readRowKind, readRowState } from '../../view/row-words.ts';
import type { Query } from '../frame/query.ts';

/** What rows can be narrowed to, by the names that stand in the address: it can be bookmarked and handed on. */
export const rowFilterNames = ['partner', 'file', 'kind', 'state', 'code', 'night', 'since', 'until'] as const;
export type RowFilterName = (typeof rowFilterNames)[number];

export interface RowsAsked {
  /** As it stands in the address, for the form. */
  readonly typed: Readonly<Partial<Record<RowFilterName, string>>>;
  readonly filter: WalkFilter;
  /** What could not be understood, by name: then nothing is listed, as it would be more than was asked for. */
  readonly faults: Readonly<Partial<Record<RowFilterName, string>>>;
  /** The page behind this row. Null: the first. */
  readonly after: string | null;
}

interface Moment {
  readonly now: Date;
  readonly timeZone: string;
}

const isId = (text: string): boolean => /^\d{1,18}$/.test(text);

const expected: Readonly<Record<Exclude<RowFilterName, 'partner'>, string>> = {
  file: 'the number of a file',
  kind: 'leads or updates',
  state: 'a state of a row',
  code: 'a fault code such as API_KO',
  night: 'a date such as 2026-11-24',
  since: '2h, 7d, 2026-06-01 or 2026-06-01 02:30',
  until: '2h, 7d, 2026-06-01 or 2026-06-01 02:30',
};

/** Reads the address of a listing of rows. */
export function readRowsAsked(query: Query, moment: Moment): RowsAsked {
  const typed: Partial<Record<RowFilterName, string>> = {};
  const faults: Partial<Record<RowFilterName, string>> = {};
  const filter: { -readonly [K in keyof WalkFilter]: WalkFilter[K] } = {};

  function read<T>(
    name: Exclude<RowFilterName, 'partner'>,
    parse: (text: string) => T | null,
    keep: (value: T) => void,
  ) {
    const text = query[name];
    if (text === undefined) return;
    typed[name] = text;
    const value = parse(text);
    if (value === null) faults[name] = `Expected ${expected[name]}.`;
    else keep(value);
  }

  const { partner } = query;
  if (partner !== undefined) typed.partner = filter.partner = partner;
  read(
    'file',
    (text) => (isId(text) ? text : null),
    (file) => (filter.fileId = file),
  );
  read('kind', readRowKind, (kind) => (filter.kind = kind));
  read('state', readRowState, (state) => (filter.state = state));
  read('code', readFaultCode, (code) => (filter.code = code));
  read(
    'night',
    (text) => (isNight(text) ? text : null),
    (night) => (filter.night = night),
  );
  read(
    'since',
    (text) => readInstant(text, moment),
    (since) => (filter.since = since),
  );
  read(
    'until',
    (text) => readInstant(text, moment, { endOfDay: true }),
    (until) => (filter.until = until),
  );
  const { after } = query;
  return { typed, filter, faults, after: after !== undefined && isId(after) ? after : null };
}
