import { leadRowStates, openLeadRowStates } from '../../src/domain/lead-row.ts';
import { openStatusUpdateStates } from '../../src/domain/status-update.ts';
import { holdsIdentity } from '../support/in-memory/constraints.ts';
import { isOneOf, type StoredRow, type Tables } from '../support/in-memory/tables.ts';
import { compareUpdates } from '../support/in-memory/update-order.ts';
import type { Temper } from './operator.ts';
import type { CreatedLead, RemoteApi } from './remote-api.ts';
import type { SimulatedQueue } from './job-queue.ts';
import type { Delivered } from './scenario.ts';
import type { Surroundings } from './service.ts';

export interface Wrong {
  readonly rule: string;
  readonly detail: string;
}

/** Asked in the tick of each create: may there be one more of this lead? */
export function judgeCreate(api: RemoteApi, tables: Tables, temper: Temper, lead: CreatedLead): Wrong | null {
  const creates = api.created.filter((other) => other.partnerLeadId === lead.partnerLeadId).length;
  // Who asked the insurer first, as the product told them to, must never be the cause of a second one.
  const allowed = temper === 'careful' ? 1 : 1 + sentAgain(tables, lead.partnerLeadId);
  if (creates <= allowed) return null;
  return { rule: 'one create', detail: `${lead.partnerLeadId}: ${creates} creates, row ${lead.rowId}` };
}

function sentAgain(tables: Tables, partnerLeadId: string): number {
  return tables.audit.filter(
    ({ action, rowId }) =>
      action === 'row.resolved_send_again' && leadOf(tables.rows.get(rowId ?? '')) === partnerLeadId,
  ).length;
}

/** Looks at the ledger and at the API's own record, when all has come to rest, and tells what is not as promised. */
export function checkTruth(
  { api, ledger: { tables }, queue }: Pick<Surroundings, 'api' | 'ledger' | 'queue'>,
  delivered: Delivered,
  temper: Temper,
  isAtRest: boolean,
): readonly Wrong[] {
  const rows = [...tables.rows.values()];
  return [
    ...(isAtRest ? [] : [{ rule: 'nothing stuck', detail: restless(tables).map(told).join(', ') }]),
    ...(rows.length === delivered.rows && tables.files.size === delivered.files
      ? []
      : [{ rule: 'nothing lost', detail: `${delivered.rows} rows came, ${rows.length} are there` }]),
    ...registeredWithOwnLeadId(api, rows),
    ...knownToTheLedger(api, tables, rows, temper),
    ...rows.flatMap((row) => auditOf(tables, row)),
    ...countersOf(tables, rows),
    ...updatesInOrder(api, tables),
    ...noCreateInOutages(tables),
    ...replayedByPeopleAlone(queue, tables, rows),
  ];
}

/** Rows that still have work before them, or a person who has something to decide. */
export function restless(tables: Tables): readonly StoredRow[] {
  const rows = [...tables.rows.values()];
  return rows.filter((row) => {
    if (row.kind !== 'lead' || row.state !== 'failed') return unrest.has(row.state);
    // Its lead is another row's by now: a replay is refused, and rightly so.
    return !rows.some((other) => holdsIdentity(other) && leadOf(other) === leadOf(row));
  });
}

const unrest: ReadonlySet<string> = new Set([
  ...openLeadRowStates,
  ...openStatusUpdateStates,
  'in_doubt',
  'failed',
  'registered_without_id',
]);

function registeredWithOwnLeadId(api: RemoteApi, rows: readonly StoredRow[]): readonly Wrong[] {
  const registered = rows.filter((row) => row.kind === 'lead' && row.state === 'registered');
  const wrong = registered.filter((row) => {
    const lead = api.created.find((created) => created.leadId === row.leadId);
    return lead === undefined || lead.partnerLeadId !== leadOf(row);
  });
  const ids = new Set(registered.map((row) => row.leadId));
  return [
    ...wrong.map((row) => ({ rule: 'own leadId', detail: `${told(row)} has ${row.leadId}` })),
    ...(ids.size === registered.length ? [] : [{ rule: 'own leadId', detail: 'one leadId for two rows' }]),
  ];
}

/** What the API has is registered, given a verdict by a person, or in doubt; never called "not created". */
function knownToTheLedger(
  api: RemoteApi,
  tables: Tables,
  rows: readonly StoredRow[],
  temper: Temper,
): readonly Wrong[] {
  const knowing = ['submitting', 'registered', 'registered_without_id', 'in_doubt', 'abandoned'];
  return api.created.flatMap(({ partnerLeadId, leadId }) => {
    // Who sends again without asking may be told "refused" by the second request while the first one's lead is there.
    if (temper === 'careless' && sentAgain(tables, partnerLeadId) > 0) return [];
    const known = rows.some(
      (row) => row.kind === 'lead' && leadOf(row) === partnerLeadId && isOneOf(knowing, row.state),
    );
    return known ? [] : [{ rule: 'nothing lost', detail: `${leadId} of ${partnerLeadId} is in no row` }];
  });
}

/** Every move has one audit event; playing them again gives the row's state; nothing registered ever moves. */
function auditOf(tables: Tables, row: StoredRow): readonly Wrong[] {
  const wrong: Wrong[] = [];
  const events = tables.audit.filter((entry) => entry.rowId === row.id);
  let state = events.find((event) => event.to !== null)?.from ?? row.state;
  let version = 0;
  for (const event of events) {
    if (event.action === 'row.original_ended') version += 1;
    if (event.to === null) continue;
    version += 1;
    if (event.from !== state || event.version !== version)
      wrong.push({ rule: 'audit', detail: `${told(row)}: ${event.action} from ${event.from}, was ${state}` });
    if (state === 'registered') wrong.push({ rule: 'registered stays', detail: told(row) });
    state = event.to;
  }
  if (state !== row.state || version !== row.version)
    wrong.push({ rule: 'audit', detail: `${told(row)}: played again it is ${state} at ${version}` });
  return wrong;
}

function countersOf(tables: Tables, rows: readonly StoredRow[]): readonly Wrong[] {
  const exact = new Map<string, number>();
  for (const { fileId, state } of rows) exact.set(`${fileId} ${state}`, (exact.get(`${fileId} ${state}`) ?? 0) + 1);
  const keys = new Set([...exact.keys(), ...tables.tallies.keys()]);
  return [...keys]
    .filter((key) => (exact.get(key) ?? 0) !== (tables.tallies.get(key)?.n ?? 0))
    .map((key) => ({ rule: 'counters', detail: key }));
}

/**
 * By what the API has carried out: once an update was set, whether the ledger knows or not, no older one of its lead is
 * set; and no lead ends with an older one. One that was given up meanwhile, by a refusal or a person, held nobody back.
 */
function updatesInOrder(api: RemoteApi, tables: Tables): readonly Wrong[] {
  const wrong: Wrong[] = [];
  const lastWord = new Map<string, StoredRow>();
  const givenUp = new Set(tables.audit.filter(({ to }) => to === 'rejected' || to === 'cancelled').map(rowIdOf));
  const pushed = [...tables.rows.values()].filter((row) => row.state === 'pushed');
  const set = new Map<string, StoredRow[]>();
  for (const { leadId, rowId } of api.applied) {
    const row = tables.rows.get(rowId);
    if (row === undefined) continue;
    const before = set.get(leadId) ?? [];
    const newer = before.find((other) => !givenUp.has(other.id) && compareUpdates(other, row) > 0);
    if (newer !== undefined)
      wrong.push({ rule: 'updates in order', detail: `${leadId}: ${told(row)} after ${told(newer)}` });
    set.set(leadId, [...before, row]);
    lastWord.set(leadId, row);
  }
  for (const [leadId, last] of lastWord) {
    const newest = pushed
      .filter((row) => row.leadId === leadId)
      .toSorted(compareUpdates)
      .at(-1);
    // One that was refused when it was repeated may have been set the first time.
    if (newest !== undefined && compareUpdates(newest, last) > 0)
      wrong.push({ rule: 'updates in order', detail: `${leadId} ends with ${told(last)}, not with ${told(newest)}` });
  }
  return wrong;
}

const rowIdOf = ({ rowId }: { readonly rowId: string | null }): string | null => rowId;

/** From the opening of the breaker to its closing no create is announced: it never is the probe. */
function noCreateInOutages(tables: Tables): readonly Wrong[] {
  let isOpen = false;
  return tables.audit.flatMap(({ action, to, rowId }) => {
    if (action === 'api.breaker_opened') isOpen = true;
    if (action === 'api.breaker_closed') isOpen = false;
    return isOpen && to === 'submitting' ? [{ rule: 'no create in an outage', detail: `row ${rowId}` }] : [];
  });
}

/** What the queue does by itself is never taken for a person's retry. */
function replayedByPeopleAlone(queue: SimulatedQueue, tables: Tables, rows: readonly StoredRow[]): readonly Wrong[] {
  return rows.flatMap((row) => {
    const replays = tables.audit.filter(
      ({ action, actor, rowId }) => action === 'row.replayed' && actor === 'queue' && rowId === row.id,
    ).length;
    const retries = queue.retriesOf(row.id);
    return replays <= retries
      ? []
      : [{ rule: 'replayed by people alone', detail: `${told(row)}: ${replays} replays, ${retries} retries` }];
  });
}

function leadOf(row: StoredRow | undefined): string | null {
  return row === undefined
    ? null
    : (JSON.parse(new TextDecoder().decode(row.payload)) as { readonly partnerLeadId: string }).partnerLeadId;
}

function told(row: StoredRow): string {
  return `${row.kind} ${row.id} ${row.state}`;
}

/** For the report: how many leads ended how. */
export function outcomesOf(tables: Tables): Readonly<Record<string, number>> {
  const outcomes: Record<string, number> = Object.fromEntries(leadRowStates.map((state) => [state, 0]));
  for (const row of tables.rows.values()) if (row.kind === 'lead') outcomes[row.state] = (outcomes[row.state] ?? 0) + 1;
  return outcomes;
}
