import { createHash } from 'node:crypto';
import {
  compareListing,
  type ComparedListing,
  type ListingProposal,
  type ListingTaken,
} from '../../app/compare-listing.ts';
import type { Act } from '../../app/ports/held-files.ts';
import type { Upload } from '../../app/ports/uploads.ts';
import { reconcile, type ReconcileReport } from '../../app/reconcile.ts';
import { partnerText } from '../../domain/faults.ts';
import { readInstant } from '../../view/instant.ts';
import { notDone, type DeedEnd } from '../acts/deed.ts';
import type { ConsolePorts } from '../ports.ts';

/** What somebody says of a listing, as typed. */
export interface ListingSaid {
  /** When the insurer took it. */
  readonly asOf: string;
  readonly isComplete: boolean;
  /** '': of everybody. */
  readonly partner: string;
}

export interface Compared {
  readonly proposal: ListingProposal;
  readonly taken: ListingTaken;
  readonly token: string;
  /** Tells what follows from what would follow later. */
  readonly seen: string;
}

/** What would follow from an uploaded listing. Null: it was too long to be kept. */
export async function compareUpload(
  ports: ConsolePorts,
  upload: Upload | null,
  { said, timeZone }: { readonly said: ListingSaid; readonly timeZone: string },
): Promise<DeedEnd<Compared>> {
  const asOf = readInstant(said.asOf, { now: new Date(ports.clock.wallMs()), timeZone });
  const partner = said.partner === '' ? null : said.partner;
  const megabytes = Math.floor(ports.uploads.mostBytes / 1_000_000);
  if (upload === null) return notDone('invalid', `Choose a CSV of at most ${megabytes} MB.`);
  if (upload.bytes === 0) return notDone('invalid', 'The file is empty, or none was chosen.');
  if (asOf === null)
    return notDone('invalid', 'Say when the insurer took the listing: nothing follows from it without.');
  if (partner !== null && ports.partners.get(partner) === null) return notDone('invalid', 'There is no such partner.');
  const taken = { asOf, isComplete: said.isComplete, partner, endsOpen: upload.endsOpen };
  const compared = await compareListing(ports, upload.path, taken);
  if (compared.kind !== 'compared') return notDone('invalid', sayUnusable(compared));
  const { proposal } = compared;
  return { kind: 'done', proposal, taken, token: upload.token, seen: digestOf(proposal) };
}

interface WantedListing {
  readonly token: string;
  readonly owner: string;
  readonly seen: string;
  readonly said: ListingSaid;
  readonly timeZone: string;
}

/** By the tokens of their uploads, which are of this process alone. */
const underWay = new Set<string>();

/**
 * Carries out what was shown of a listing, for its uploader, if the same still follows. Then it is gone. Who asks for the
 * same meanwhile is refused: rows would be judged once, but what is written down about the listing as often as it is asked.
 */
export async function carryOutListing(
  ports: ConsolePorts,
  wanted: WantedListing,
  act: Act,
): Promise<DeedEnd<{ readonly report: ReconcileReport }>> {
  const upload = ports.uploads.find(wanted.token, wanted.owner);
  if (upload === null) return notDone('no_such', 'The listing is not here any more: upload it again.');
  if (underWay.has(upload.token)) return notDone('moved_on', 'It is being carried out already.');
  underWay.add(upload.token);
  try {
    return await carryOutUpload(ports, upload, { wanted, act });
  } finally {
    underWay.delete(upload.token);
  }
}

async function carryOutUpload(
  ports: ConsolePorts,
  upload: Upload,
  { wanted, act }: { readonly wanted: WantedListing; readonly act: Act },
): Promise<DeedEnd<{ readonly report: ReconcileReport }>> {
  const compared = await compareUpload(ports, upload, wanted);
  if (compared.kind === 'refused') return compared;
  if (compared.seen !== wanted.seen)
    return notDone(
      'moved_on',
      'Since you looked, rows have moved: something else would follow than was shown. Upload it again.',
    );
  const by = { ...act, asOf: compared.taken.asOf };
  const report = await reconcile({ ...ports, auditLog: ports.audit }, compared.proposal, by);
  await ports.uploads.remove(upload.token);
  return { kind: 'done', report };
}

function sayUnusable(compared: Exclude<ComparedListing, { readonly kind: 'compared' }>): string {
  switch (compared.kind) {
    case 'in_the_future':
      return 'The insurer can not have taken it in the future: look at the time.';
    case 'no_listing':
      return `Expected the columns leadId and partnerLeadId or requestId; found ${compared.header.length} others.`;
    case 'unreadable':
      return `${compared.fault}: ${partnerText(compared.fault, 'en', compared.detail)}`;
  }
}

function digestOf({ registered, notCreated, secondLeads }: ListingProposal): string {
  const lines = [
    ...registered.map(({ row, leadId }) => `registered ${row.id} ${leadId}`),
    ...notCreated.map(({ id }) => `not created ${id}`),
    ...secondLeads.map(({ rowId, leadId }) => `second ${rowId} ${leadId}`),
  ];
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('base64url').slice(0, 22);
}
