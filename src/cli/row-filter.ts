import type { Command } from 'commander';
import type { RowFilter } from '../app/ports/ledger.ts';
import type { RowSelection } from '../app/ports/replay-ledger.ts';
import { isNight } from '../domain/night.ts';
import { readInstant } from '../view/instant.ts';
import { rowStates } from '../view/outcome-words.ts';
import { readFaultCode, readRowKind, readRowState } from '../view/row-words.ts';
import { readCount, readId } from './typed-number.ts';
import { UsageFault } from './usage-fault.ts';

/** The filters as typed. */
export interface RowFilterOptions {
  readonly partner?: string;
  readonly file?: string;
  readonly state?: string;
  readonly code?: string;
  readonly kind?: string;
  readonly night?: string;
  readonly since?: string;
  readonly until?: string;
  readonly row?: string;
  readonly limit?: string;
}

/** What `--since` and `--until` mean depends on where and when one asks. */
export interface Moment {
  readonly now: Date;
  readonly timeZone: string;
}

/** Adds the filters that every listing of rows takes. */
export function addRowFilters(command: Command, options: { readonly without?: readonly string[] } = {}): Command {
  const filters = {
    partner: ['--partner <id>', 'rows of this partner'],
    file: ['--file <file-id>', 'rows of this file'],
    state: ['--state <state>', 'rows in this state'],
    code: ['--code <code>', 'rows with this fault code'],
    kind: ['--kind <kind>', 'leads or updates'],
    night: ['--night <date>', 'rows of files of the night that ends on this morning'],
    since: ['--since <time>', 'changed since: 2h, 7d, 2026-06-01, "2026-06-01 02:30"'],
    until: ['--until <time>', 'changed before; a date counts to its end'],
    row: ['--row <row-id>', 'this row alone'],
    limit: ['--limit <n>', 'at most so many rows'],
  } as const;
  for (const [name, [flags, says]] of Object.entries(filters)) {
    if (options.without?.includes(name) !== true) command.option(flags, says);
  }
  return command;
}

/** Reads the filters, all faults before anything is opened; throws UsageFault. `defaultLimit` where none is typed. */
export function readRowFilter(options: RowFilterOptions, defaultLimit: number): (moment: Moment) => RowFilter {
  const selectionAt = readRowSelection(options);
  return (moment) => ({ limit: defaultLimit, ...selectionAt(moment) });
}

/** The same for an act: without a limit it is about every row that fits. */
export function readRowSelection(options: RowFilterOptions): (moment: Moment) => RowSelection {
  const { partner, file, state, code, kind, night, since, until, row, limit } = options;
  const fixed: RowSelection = {
    ...(limit === undefined ? {} : { limit: readCount('--limit', limit) }),
    ...(partner === undefined ? {} : { partner }),
    ...(file === undefined ? {} : { fileId: readId('--file', file) }),
    ...(state === undefined ? {} : { state: readState(state) }),
    ...(code === undefined ? {} : { code: readCode(code) }),
    ...(kind === undefined ? {} : { kind: readKind(kind) }),
    ...(night === undefined ? {} : { night: readNight(night) }),
    ...(row === undefined ? {} : { rowId: readId('--row', row) }),
  };
  const filterAt = (moment: Moment): RowSelection => ({
    ...fixed,
    ...(since === undefined ? {} : { since: readTime('--since', since, moment) }),
    ...(until === undefined ? {} : { until: readTime('--until', until, moment) }),
  });
  filterAt({ now: new Date(0), timeZone: 'UTC' });
  return filterAt;
}

function readState(word: string): string {
  const state = readRowState(word);
  if (state !== null) return state;
  throw new UsageFault(`--state: expected one of ${rowStates.join(', ')}; got "${word}"`);
}

function readCode(word: string): string {
  const code = readFaultCode(word);
  if (code !== null) return code;
  throw new UsageFault(`--code: expected a fault code such as API_KO or ROW_NIF_INVALID; got "${word}"`);
}

function readKind(word: string): 'lead' | 'update' {
  const kind = readRowKind(word);
  if (kind !== null) return kind;
  throw new UsageFault(`--kind: expected leads or updates; got "${word}"`);
}

function readNight(date: string): string {
  if (isNight(date)) return date;
  throw new UsageFault(`--night: expected a date such as 2026-11-24; got "${date}"`);
}

function readTime(option: string, text: string, moment: Moment): Date {
  const instant = readInstant(text, moment, { endOfDay: option === '--until' });
  if (instant !== null) return instant;
  throw new UsageFault(`${option}: expected 2h, 7d, 2026-06-01 or "2026-06-01 02:30"; got "${text}"`);
}
