import { fold } from '../domain/fold.ts';
import { judgeByListing, type WhyItStays } from '../domain/judge-listing.ts';
import { columnsOfListing, looseId, readListedLead, type ListedLead, type ListingColumns } from '../domain/listing.ts';
import type { FaultCode } from '../domain/faults.ts';
import { macPartnerLeadId } from './keyed-hashes.ts';
import { isYoungerThanItsRequest, ownIdOf, rowIdOf } from './own-ids.ts';
import type { Ports } from './ports.ts';
import type { LeadHolder, ListingLedger } from './ports/listing-ledger.ts';
import type { LedgerRow } from './ports/row.ts';
import { openLead } from './row-payload.ts';

export type ComparePorts = Pick<Ports, 'ledger' | 'partners' | 'records' | 'settings' | 'vault'> & {
  readonly listings: ListingLedger;
};

export interface ListingTaken {
  /** When the insurer took it: not when we got it. */
  readonly asOf: Date;
  /** It holds all that the insurer has of these partners. */
  readonly isComplete: boolean;
  /** Only this partner's leads are looked at. Null: everybody's. */
  readonly partner: string | null;
  /** Its last line has no line break: cut off, it would look the same, and half a leadId looks like a whole one. */
  readonly endsOpen: boolean;
}

/** What would be done, and what a person should know. */
export interface ListingProposal {
  readonly registered: readonly {
    readonly row: LedgerRow;
    readonly leadId: string;
    readonly idLanding: string | null;
  }[];
  readonly notCreated: readonly LedgerRow[];
  readonly stays: readonly { readonly row: LedgerRow; readonly why: WhyItStays }[];
  /** Registered rows for which the listing has another lead besides theirs: created twice, maybe by somebody else. */
  readonly secondLeads: readonly { readonly rowId: string; readonly leadId: string }[];
  /** Lines that tell of no lead of ours. */
  readonly strangers: number;
  /** It says whose each lead is. Without that a stranger's lead under an id of ours can't be told from ours. */
  readonly namesPartners: boolean;
  readonly lines: number;
  /** Lines that could not be read. */
  readonly unreadable: number;
  /** Leads that were registered before the listing was taken, and how many of them it has. */
  readonly expected: number;
  readonly found: number;
  /** Of those, how many it has under another partnerLeadId than was sent: it writes ids in its own way. */
  readonly otherIds: number;
  /** Registered leads that it has under their leadId written otherwise: what it gives as a leadId is none that the insurer knows. */
  readonly otherLeadIds: number;
}

export type ComparedListing =
  | { readonly kind: 'compared'; readonly proposal: ListingProposal }
  | {
      readonly kind: 'unreadable';
      readonly fault: FaultCode;
      readonly detail: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: 'no_listing'; readonly header: readonly string[] }
  | { readonly kind: 'in_the_future'; readonly now: Date };

const noLimits = { maxBytes: Number.MAX_SAFE_INTEGER, maxRows: Number.MAX_SAFE_INTEGER, maxCell: 1_000_000 };
const rowsAPage = 500;
const linesAPage = 1_000;
/** Clocks of insurer and ledger. */
const skewMs = 5 * 60_000;
/** What a local time is off by when it is written as another zone's. */
const wrongZoneMs = 24 * 3_600_000;

/**
 * Compares an insurer's listing with the leads in doubt and those without a leadId. Changes nothing. Memory grows with the
 * leads in doubt and with a bit a lead that is found, not with the listing's lines.
 */
export async function compareListing(
  ports: ComparePorts,
  path: string,
  taken: ListingTaken,
  onLine: (lines: number) => void = () => undefined,
): Promise<ComparedListing> {
  const { count: expected, now } = await ports.listings.registeredBefore(taken.asOf, taken.partner);
  if (taken.asOf > now) return { kind: 'in_the_future', now };
  const opened = await ports.records.open(path, { match: '*' }, noLimits);
  if ('fault' in opened) return { kind: 'unreadable', fault: opened.fault, detail: opened.detail };
  const columns = columnsOfListing(opened.header);
  if (columns === null) return { kind: 'no_listing', header: opened.header };

  const doubts = await readDoubts(ports, taken.partner, columns);
  const counted = { lines: 0, unreadable: 0, strangers: 0 };
  const found = new Set<string>();
  const witnesses = { first: Infinity, last: -Infinity };
  let otherIds = 0;
  let otherLeadIds = 0;
  const secondLeads: { rowId: string; leadId: string }[] = [];
  for await (const { page, isLast } of pagesOf(opened.records)) {
    const listed: ListedLead[] = [];
    for (const [index, record] of page.entries()) {
      counted.lines += 1;
      const isCutOff = isLast && taken.endsOpen && index === page.length - 1;
      const lead = 'cells' in record && !isCutOff ? readListedLead(record.cells, columns) : null;
      if (lead === null) counted.unreadable += 1;
      else listed.push(lead);
    }
    const holders = new Map(
      (await ports.listings.holdersOf(listed.map((lead) => lead.leadId))).map((one) => [one.leadId, one]),
    );
    const strangers: ListedLead[] = [];
    for (const lead of listed) {
      const holder = holders.get(lead.leadId);
      if (holder === undefined) {
        if (!doubts.see(lead)) strangers.push(lead);
      } else if (holder.registeredAt < taken.asOf && (taken.partner === null || holder.partner === taken.partner)) {
        found.add(holder.rowId);
        if (!isSameId(ports, holder, lead)) otherIds += 1;
        witnesses.first = Math.min(witnesses.first, holder.registeredAt.getTime());
        // Not when it was registered: by a person or an earlier listing that may have been long after it was created.
        witnesses.last = Math.max(witnesses.last, holder.announcedAt?.getTime() ?? -Infinity);
      }
    }
    const known = await knownIdsAmong(ports, strangers, taken.partner);
    const rewritten = known.filter((one) => looseId(one.leadId) === looseId(one.ownLeadId));
    otherLeadIds += rewritten.length;
    secondLeads.push(
      ...known.filter((one) => !rewritten.includes(one)).map(({ rowId, leadId }) => ({ rowId, leadId })),
    );
    counted.strangers += strangers.length - known.length;
    onLine(counted.lines);
  }

  // One that lacks what it must have is cut off, of another environment, or not of the time that was said.
  const isComplete =
    taken.isComplete &&
    columns.partnerLeadId !== -1 &&
    found.size >= expected &&
    counted.unreadable === 0 &&
    otherIds === 0;
  const areLeadIdsRewritten = otherLeadIds > 0;
  const proposal = {
    ...(await judgeDoubts(ports, doubts, { ...taken, isComplete, witnesses, areLeadIdsRewritten })),
    secondLeads,
    otherIds,
    otherLeadIds,
    namesPartners: columns.partner !== -1,
    ...counted,
    expected,
    found: found.size,
  };
  return { kind: 'compared', proposal };
}

/** Of the leads that the listing has: when the first was registered, and when the last was announced. */
interface Witnesses {
  readonly first: number;
  readonly last: number;
}

/** An insurer that writes ids in capitals, or cuts them, has every lead under an id that we would not find. */
function isSameId({ settings, vault }: ComparePorts, holder: LeadHolder, { partnerLeadId }: ListedLead): boolean {
  return holder.partnerLeadIdMac === null
    ? isYoungerThanItsRequest({ createdAt: holder.createdAt, intentAt: holder.announcedAt }) ||
        rowIdOf(settings, partnerLeadId) === holder.rowId
    : macPartnerLeadId(vault, holder.partner, partnerLeadId) === holder.partnerLeadIdMac;
}

async function* pagesOf<T>(records: AsyncIterable<T>): AsyncGenerator<{ page: readonly T[]; isLast: boolean }> {
  let page: T[] = [];
  for await (const record of records) {
    if (page.length === linesAPage) {
      yield { page, isLast: false };
      page = [];
    }
    page.push(record);
  }
  yield { page, isLast: true };
}

function isNotBefore({ createdAt }: ListedLead, { row }: Doubt, tolerance: number): boolean {
  // A row of a ledger from a backup may have been read again after its lead was sent.
  const since = isYoungerThanItsRequest(row) ? row.intentAt : row.createdAt;
  return createdAt === null || createdAt.getTime() >= (since?.getTime() ?? 0) - tolerance;
}

interface Doubt {
  readonly row: LedgerRow;
  /** As it was sent. */
  readonly partner: string;
  readonly ramo: string;
  /** Null: nobody knows it any more. */
  readonly id: string | null;
  readonly listed: Map<string, ListedLead>;
  /** The listing has a lead that may be this one, in other words. */
  isListedOtherwise: boolean;
}

interface Doubts {
  readonly all: readonly Doubt[];
  /** Notes a listed lead that nobody has with the rows it may be of. False: it is of none. */
  see(lead: ListedLead): boolean;
}

async function readDoubts(ports: ComparePorts, partner: string | null, columns: ListingColumns): Promise<Doubts> {
  const all: Doubt[] = [];
  const byLooseId = new Map<string, { readonly id: string; readonly doubt: Doubt }[]>();
  const byRequest = new Map<string, Doubt>();
  for (let after = '0'; ;) {
    const rows = await ports.listings.leadsToReconcile(partner, after, rowsAPage);
    for (const row of rows) {
      const { fields, partnerLeadId } = await openLead(ports.vault, row);
      const doubt = {
        row,
        partner: fold(fields['partner'] ?? ''),
        ramo: fields['ramo'] ?? '',
        id: partnerLeadId ?? (isYoungerThanItsRequest(row) ? null : ownIdOf(ports.settings, row)),
        listed: new Map(),
        isListedOtherwise: false,
      };
      all.push(doubt);
      const { id } = doubt;
      if (id !== null) {
        const alike = byLooseId.get(looseId(id));
        if (alike === undefined) byLooseId.set(looseId(id), [{ id, doubt }]);
        else alike.push({ id, doubt });
      }
      if (columns.requestId === -1) continue;
      for (const attempt of await ports.ledger.attempts(row.id)) byRequest.set(attempt.id, doubt);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAPage) break;
    after = last.id;
  }
  const mayBe =
    (lead: ListedLead) =>
    (doubt: Doubt): boolean =>
      (lead.partner === '' || doubt.partner === '' || fold(lead.partner) === doubt.partner) &&
      (lead.ramo === '' || doubt.ramo === '' || lead.ramo === doubt.ramo) &&
      // What was there before the row was is somebody else's, or an older lead under the same id.
      isNotBefore(lead, doubt, skewMs);
  return {
    all,
    see(lead) {
      const alike = lead.partnerLeadId === '' ? [] : (byLooseId.get(looseId(lead.partnerLeadId)) ?? []);
      const byItsRequest = byRequest.get(lead.requestId);
      const candidates =
        byItsRequest === undefined
          ? alike.flatMap(({ id, doubt }) => (id === lead.partnerLeadId && mayBe(lead)(doubt) ? [doubt] : []))
          : [byItsRequest];
      for (const { listed } of candidates) listed.set(lead.leadId, lead);
      if (candidates.length > 0) return true;
      for (const { doubt } of alike) if (isNotBefore(lead, doubt, wrongZoneMs)) doubt.isListedOtherwise = true;
      return false;
    },
  };
}

/** Leads that nobody has under an id that a registered row has: theirs is another one, or is written otherwise. */
async function knownIdsAmong(ports: ComparePorts, leads: readonly ListedLead[], partner: string | null) {
  const partners = ports.partners.list().filter(({ id }) => partner === null || id === partner);
  const byMac = new Map<string, ListedLead>();
  for (const lead of leads) {
    const ownRow = rowIdOf(ports.settings, lead.partnerLeadId);
    // Ids that tell no enquiry from the next stand on many leads for good reason.
    for (const { id, identity, defaults } of ownRow === null ? partners : []) {
      const label = fold(defaults['partner'] ?? '');
      if (identity.length > 0 || (lead.partner !== '' && label !== '' && fold(lead.partner) !== label)) continue;
      if (lead.partnerLeadId !== '') byMac.set(macPartnerLeadId(ports.vault, id, lead.partnerLeadId), lead);
    }
  }
  if (byMac.size === 0) return [];
  return (await ports.listings.registeredUnder([...byMac.keys()])).flatMap(({ mac, rowId, leadId: ownLeadId }) => {
    const lead = byMac.get(mac);
    return lead === undefined ? [] : [{ rowId, leadId: lead.leadId, ownLeadId }];
  });
}

async function judgeDoubts(
  ports: ComparePorts,
  { all }: Doubts,
  taken: ListingTaken & { readonly witnesses: Witnesses; readonly areLeadIdsRewritten: boolean },
) {
  const { callDeadlineMs, quietPeriodMs } = ports.settings;
  const claims = new Map<string, number>();
  for (const { listed } of all) for (const leadId of listed.keys()) claims.set(leadId, (claims.get(leadId) ?? 0) + 1);
  const registered: { row: LedgerRow; leadId: string; idLanding: string | null }[] = [];
  const notCreated: LedgerRow[] = [];
  const stays: { row: LedgerRow; why: WhyItStays }[] = [];
  for (const { row, id, listed, isListedOtherwise } of all) {
    const leadIds = [...listed.keys()];
    const isCandidate = taken.isComplete && leadIds.length === 0 && row.state === 'in_doubt';
    const holder = isCandidate
      ? await ports.ledger.holderFenced(row.id, { deadlineMs: callDeadlineMs, quietPeriodMs })
      : { fenced: false };
    const verdict = judgeByListing({
      leadIds,
      areLeadIdsRewritten: taken.areLeadIdsRewritten,
      isListedOtherwise,
      isIdKnown: id !== null,
      // Not spread into Math.max: an id such as "0" may stand on every line of a listing.
      rivals: leadIds.reduce((most, leadId) => Math.max(most, (claims.get(leadId) ?? 1) - 1), 0),
      isComplete: taken.isComplete,
      isInDoubt: row.state === 'in_doubt',
      isWitnessed:
        row.intentAt !== null &&
        taken.witnesses.first < row.intentAt.getTime() &&
        taken.witnesses.last > row.intentAt.getTime() + callDeadlineMs,
      lastArrival: row.intentAt === null ? null : new Date(row.intentAt.getTime() + callDeadlineMs + quietPeriodMs),
      isHolderFenced: holder.fenced,
      asOf: taken.asOf,
    });
    if (verdict.kind === 'stays') stays.push({ row, why: verdict.why });
    else if (verdict.kind === 'not_created') notCreated.push(row);
    else registered.push({ row, leadId: verdict.leadId, idLanding: listed.get(verdict.leadId)?.idLanding || null });
  }
  return { registered, notCreated, stays };
}
