import type { BreakerView, Halt, Pause } from '../app/ports/account-ledger.ts';
import type { ErasureView } from '../app/ports/erasure-ledger.ts';
import type { InboxView, LedgerFile, LedgerViews, ServiceTroubleView } from '../app/ports/ledger.ts';
import type { TargetTrouble } from '../app/ports/delivery-ledger.ts';
import type { OldestParked } from '../app/ports/ledger-pages.ts';
import type { ReplayBatch } from '../app/ports/replay-ledger.ts';
import type { RowState } from '../app/ports/row.ts';
import type { NightForecast } from '../app/forecast-nights.ts';
import type { PartnerDue } from '../app/read-expected.ts';
import { acknowledgementOf, type Acknowledgement, type Alarm } from '../domain/alarm.ts';
import { faults } from '../domain/faults.ts';
import type { RowKind } from '../domain/file-life.ts';
import { ofTargetTrouble } from './delivery-needs.ts';
import { ofDue, ofForecast } from './night-needs.ts';
import { sayLeft } from './erasure-words.ts';
import { sayHeld } from './held-words.ts';
import { ofServiceTroubles } from './service-troubles.ts';
import { ofUnreadFiles } from './unread-files.ts';

type Count = Awaited<ReturnType<LedgerViews['counts']>>[number];

/** One thing for a person, and what to type. As an alarm it has a name, by which it can be acknowledged. */
export interface NeedsPerson extends Alarm {
  readonly what: string;
  readonly then: string;
  readonly command: string;
  /** False: worth knowing, and nobody has to act; it does not make the exit code 1. */
  readonly isUrgent: boolean;
  /** Somebody knows of it already, and it does not make the exit code 1 either. */
  readonly acknowledged: Acknowledgement | null;
  /** For screens that lead there. Null: there is no place of its own. */
  readonly about: NeedAbout | null;
}

export type NeedAbout =
  | { readonly kind: 'calls' | 'erasures' | 'night' | 'services' }
  | { readonly kind: 'deliveries'; readonly recipient: string | null }
  | { readonly kind: 'rows'; readonly partner: string; readonly rowKind: RowKind; readonly state: RowState }
  | { readonly kind: 'file'; readonly id: string };

/** What there is to say; nobody knows of it yet. */
type Need = Pick<NeedsPerson, 'what' | 'then' | 'command' | 'isUrgent'> & {
  readonly alarm: string;
  readonly level?: number;
  readonly since?: Date | null;
  readonly about?: NeedAbout;
};

export interface PresentState {
  readonly counts: readonly Count[];
  readonly halts: readonly Pick<Halt, 'endpoint' | 'code' | 'since'>[];
  readonly pauses?: readonly Pause[];
  readonly gaps?: readonly { readonly host: string; readonly since?: Date }[];
  /** Absent: closed. */
  readonly breaker?: Pick<BreakerView, 'state' | 'forMs' | 'cause'> & { readonly since?: Date | null };
  readonly inboxes?: readonly InboxView[];
  /** What services that are alive can't do. */
  readonly services?: readonly ServiceTroubleView[];
  /** What was expected last. */
  readonly dues?: readonly PartnerDue[];
  readonly forecasts?: readonly NightForecast[];
  /** Those that are running. */
  readonly replays?: readonly (Pick<ReplayBatch, 'id' | 'rows' | 'left'> & Partial<Pick<ReplayBatch, 'startedAt'>>)[];
  /** Those that are not done. */
  readonly erasures?: readonly Pick<ErasureView, 'id' | 'left'>[];
  /** Newest first. */
  readonly files: readonly (Pick<LedgerFile, 'id' | 'partner' | 'kind' | 'state' | 'code'> &
    Partial<Pick<LedgerFile, 'arrivedAt' | 'dueAt' | 'heldBecause'>>)[];
  /** Of the rows that wait for a person. */
  readonly oldest?: readonly OldestParked[];
  /** Receivers of summaries and webhooks that can't be told. */
  readonly troubles?: readonly TargetTrouble[];
  readonly now?: Date;
}

/** What needs a person now, most pressing first. Pure: the same state of the ledger gives the same lines. */
export function needsPerson({
  counts,
  halts,
  pauses = [],
  gaps = [],
  breaker,
  inboxes = [],
  services = [],
  dues = [],
  forecasts = [],
  replays = [],
  erasures = [],
  files,
  oldest = [],
  troubles = [],
  now = new Date(),
}: PresentState): readonly NeedsPerson[] {
  const parked = (state: RowState, say: (count: Count) => Need): readonly Need[] =>
    counts
      .filter((count) => count.n > 0 && count.state === state)
      .map((count) => ({ ...say(count), ...ofRows(count, oldest) }));
  const needs: readonly Need[] = [
    ...(breaker === undefined || breaker.state === 'closed' ? [] : [ofBreaker(breaker)]),
    ...gaps.map(ofGap),
    ...halts.map(ofHalt),
    ...pauses.map(ofPause),
    ...ofServiceTroubles(services),
    ...ofUnreadFiles(files, now),
    ...inboxes.filter((inbox) => inbox.trouble !== null).map(ofTrouble),
    ...[...dues.map((due) => ofDue(due, inboxes)), ...forecasts.map(ofForecast)]
      .filter((need) => need !== null)
      .map((need) => ({ ...need, about: { kind: 'night' } as const })),
    ...parked('in_doubt', ofDoubt),
    ...parked('failed', ofFailure),
    ...refusedWithoutSuccessor(files).map(ofFile),
    ...troubles.flatMap((trouble) => ofTargetTrouble(trouble, now)),
    ...parked('rejected', ofRejection),
    ...inboxes.filter((inbox) => inbox.arriving > 0).map(ofArriving),
    ...replays.map(ofReplay),
    ...erasures.map(ofErasure),
  ];
  return needs.map((need) => ({ level: 1, since: null, about: null, ...need, acknowledged: null }));
}

/** With what people know of already. */
export function acknowledge(
  needs: readonly NeedsPerson[],
  given: readonly Acknowledgement[],
  now: Date,
): readonly NeedsPerson[] {
  return needs.map((need) => ({ ...need, acknowledged: acknowledgementOf(need, given, now) }));
}

/** Is there anything that wants somebody, and that nobody knows of? */
export function isUrgent(all: readonly NeedsPerson[]): boolean {
  return all.some((one) => one.isUrgent && one.acknowledged === null);
}

function ofRows({ partner, kind, state }: Count, oldest: readonly OldestParked[]): Pick<Need, 'about' | 'since'> {
  const found = oldest.find((one) => one.partner === partner && one.kind === kind && one.state === state);
  return { about: { kind: 'rows', partner, rowKind: kind, state }, since: found?.since ?? null };
}

/** An outage that lasts longer than this wants somebody who asks. */
const outageIsUrgentAfterMs = 30 * 60_000;

function ofBreaker({ forMs, cause, since = null }: NonNullable<PresentState['breaker']>): Need {
  const isByHand = cause === 'person';
  return {
    alarm: 'breaker',
    about: { kind: 'calls' },
    since,
    what: isByHand ? 'the breaker was opened by a person: no call goes' : 'an outage of the Leads API: no call goes',
    then: isByHand
      ? 'Close it when the API is well.'
      : `It ends by itself with the first proper answer to a probe.${cause === 'unreached' ? ' Does it hang up on us? `leadsync doctor --api` says whether it wants a certificate of ours.' : ''}`,
    command: isByHand ? 'leadsync breaker --close --reason "…"' : 'leadsync breaker',
    isUrgent: !isByHand && (forMs ?? 0) > outageIsUrgentAfterMs,
  };
}

function ofPause({ partner, since }: Pause): Need {
  return {
    alarm: `pause:${partner ?? 'all'}`,
    about: { kind: 'calls' },
    since,
    what: `${partner === null ? 'all work' : `work of ${partner}`} is paused`,
    then: 'Its files are read and its rows stay due.',
    command: `leadsync resume ${partner === null ? '' : `${partner} `}--reason "…"`,
    isUrgent: false,
  };
}

function ofGap({ host, since = null }: { readonly host: string; readonly since?: Date | null }): Need {
  return {
    alarm: `ledger-behind:${host}`,
    since,
    what: `the ledger lacks requests that were sent by ${host}: LEDGER_BEHIND, and nothing more is sent`,
    then: 'It was brought back from a backup, or failed over behind the truth. Let that host tell it what was sent.',
    command: 'leadsync recover --dry-run',
    isUrgent: true,
  };
}

function ofHalt({ endpoint, code, since }: Pick<Halt, 'endpoint' | 'code' | 'since'>): Need {
  return {
    alarm: `halt:${endpoint}`,
    about: { kind: 'calls' },
    since,
    what: `calls to ${endpoint} are halted: ${code}`,
    then: faults[code].then,
    command: 'leadsync resume --reason "…"',
    isUrgent: true,
  };
}

function ofTrouble({ partner, stuck, trouble }: InboxView): Need {
  const files = `${stuck} ${stuck === 1 ? 'file' : 'files'}`;
  if (trouble === 'CONFIG_PARTNER_INVALID') {
    return {
      alarm: `inbox:${partner}`,
      level: stuck,
      what: `${files} of ${partner} ${stuck === 1 ? 'waits' : 'wait'} in the inbox: ${trouble}`,
      then: faults[trouble].then,
      command: 'leadsync partner list',
      isUrgent: true,
    };
  }
  return {
    alarm: `inbox:${partner}`,
    level: stuck,
    what: `${stuck === 0 ? 'something' : files} in the inbox of ${partner} can not be taken: ${trouble}`,
    then: 'Let the user of leadsync read and write the folder and what is in it, or look after its disk.',
    command: 'leadsync doctor',
    isUrgent: true,
  };
}

function ofArriving({ partner, arriving, arrivingSince }: InboxView): Need {
  return {
    alarm: `arriving:${partner}`,
    since: arrivingSince,
    level: arriving,
    what: `${arriving} ${arriving === 1 ? 'file' : 'files'} of ${partner} did not become whole within 30 minutes`,
    then: 'An upload that broke off, a temporary name, or a done or checksum file that did not come: ask the partner.',
    command: 'leadsync status --json',
    isUrgent: false,
  };
}

function ofReplay({ id, rows, left, startedAt }: NonNullable<PresentState['replays']>[number]): Need {
  return {
    alarm: `replay:${id}`,
    since: startedAt ?? null,
    what: `replay ${id} is under way: ${left} of ${rows} ${rows === 1 ? 'row' : 'rows'} left`,
    then: 'It goes on by itself while a service runs.',
    command: `leadsync replay --show ${id}`,
    isUrgent: false,
  };
}

function ofErasure({ id, left }: Pick<ErasureView, 'id' | 'left'>): Need {
  return {
    alarm: `erasure:${id}`,
    what: `erasure ${id} is not done: ${sayLeft({ left })}`,
    then: 'It goes on by itself while a service runs on the host of the archive, and with each row that is resolved.',
    command: 'leadsync erase --list',
    isUrgent: false,
    about: { kind: 'erasures' as const },
  };
}

function ofDoubt(count: Count): Need {
  return {
    alarm: `in-doubt:${count.partner}:${count.kind}`,
    level: count.n,
    what: `${sayRows(count)} in doubt: ${count.kind === 'lead' ? 'the lead' : 'the update'} may have arrived`,
    then: 'Ask the insurer, then resolve each row.',
    command: `leadsync in-doubt --partner ${count.partner} --kind ${count.kind}`,
    isUrgent: true,
  };
}

function ofFailure(count: Count): Need {
  return {
    alarm: `failed:${count.partner}:${count.kind}`,
    level: count.n,
    what: `${sayRows(count)} failed: proven not ${count.kind === 'lead' ? 'created' : 'applied'}`,
    then: 'Mend the cause, then replay.',
    command: `leadsync replay --partner ${count.partner} --kind ${count.kind} --state failed --dry-run`,
    isUrgent: true,
  };
}

function ofRejection(count: Count): Need {
  return {
    alarm: `rejected:${count.partner}:${count.kind}`,
    level: count.n,
    what: `${sayRows(count)} rejected`,
    then: 'The result file tells the partner why.',
    command: `leadsync rows --partner ${count.partner} --kind ${count.kind} --state rejected`,
    isUrgent: false,
  };
}

/** Refused files that no later file of the same partner and kind has made up for. The same bytes once more lack nothing. */
function refusedWithoutSuccessor(files: PresentState['files']): PresentState['files'] {
  const seen = new Set<string>();
  return files.filter((file) => {
    // A person has decided already, or nothing is missing.
    if (file.code === 'FILE_ALREADY_IMPORTED' || file.code === 'FILE_REJECTED') return false;
    const series = `${file.partner} ${file.kind}`;
    const isNewest = !seen.has(series);
    seen.add(series);
    return file.state === 'held' || (isNewest && (file.state === 'rejected' || file.state === 'quarantined'));
  });
}

function ofFile(file: PresentState['files'][number]): Need {
  if (file.state === 'held') return ofHeldFile(file);
  return {
    alarm: `file:${file.id}`,
    about: { kind: 'file', id: file.id },
    since: file.arrivedAt ?? null,
    what: `file ${file.id} of ${file.partner} is ${file.state}${file.code === null ? '' : `: ${file.code}`}`,
    then: file.code === null ? 'Look at it.' : faults[file.code].then,
    command: `leadsync status ${file.id}`,
    isUrgent: true,
  };
}

function ofHeldFile({ id, partner, code, arrivedAt, heldBecause = [] }: PresentState['files'][number]): Need {
  const why = sayHeld({ heldBecause })
    .map((sentence) => sentence.replace(/\.$/, ''))
    .join('; ');
  return {
    alarm: `file:${id}`,
    about: { kind: 'file', id },
    since: arrivedAt ?? null,
    what: `file ${id} of ${partner} is held: ${code ?? ''}${why === '' ? '' : `: ${why}`}`,
    then: code === null ? 'Look at it.' : faults[code].then,
    command: `leadsync file ${id} --release --reason "…"`,
    isUrgent: true,
  };
}

function sayRows({ n, kind, partner }: Count): string {
  const noun = kind === 'lead' ? 'lead' : 'status update';
  return `${n} ${noun}${n === 1 ? '' : 's'} of ${partner}`;
}
