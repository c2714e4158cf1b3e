import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { askInsurer } from '../../app/ask-insurer.ts';
import {
  compareListing,
  type ComparedListing,
  type ListingProposal,
  type ListingTaken,
} from '../../app/compare-listing.ts';
import type { Upload } from '../../app/ports/uploads.ts';
import { reconcile } from '../../app/reconcile.ts';
import { partnerText } from '../../domain/faults.ts';
import { readInstant } from '../../view/instant.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { isOfOwnOrigin } from '../door/own-origin.ts';
import { mayAct, visitorOf } from '../door/visitor.ts';
import { fieldOf } from '../frame/form.ts';
import { acceptMultipart, readMultipart } from '../frame/multipart.ts';
import { hrefOfDoubts } from '../shown/hrefs.ts';
import { proposalPage, refusedListingPage, reportPage } from './proposal-page.ts';

/**
 * `POST /in-doubt/listing`: a listing of the insurer is uploaded, compared, and shown with what would follow.
 * `/in-doubt/listing/carry-out`: it is carried out, if the same still follows. `/in-doubt/ask`: what to send to the insurer.
 */
export function registerListings(app: FastifyInstance, parts: Console): void {
  const { door, frame, ports, settings } = parts;
  const { timeZone } = settings.surroundings;

  app.register(async (uploading) => {
    acceptMultipart(uploading);
    uploading.post('/in-doubt/listing', async (request, reply) => {
      const visitor = visitorOf(request);
      // Before a byte of it is written. Whoever may not is refused below, and that is audited.
      const mayUpload = mayAct(visitor, 'operator') && visitor.formToken !== null && isOfOwnOrigin(request);
      const owner = visitor.name ?? '';
      const read = mayUpload ? await readMultipart(request, uploadsOf(owner)) : null;
      request.body = read?.fields ?? null;
      const upload = read?.taken ?? null;
      if (!(await door.mayChange(request, reply, 'operator'))) {
        if (upload !== null) await ports.uploads.remove(upload.token);
        return reply;
      }
      const asOf = readInstant(fieldOf(request, 'asOf'), { now: new Date(ports.clock.wallMs()), timeZone });
      const partner = fieldOf(request, 'partner');
      const taken = {
        asOf,
        isComplete: fieldOf(request, 'complete') === 'yes',
        partner: partner === '' ? null : partner,
      };
      const compared = await compare(upload, taken);
      const page = { title: 'By a listing', section: 'doubts', visitor } as const;
      if ('says' in compared) {
        if (upload !== null) await ports.uploads.remove(upload.token);
        return frame.send(reply, { ...page, main: refusedListingPage(compared.says), status: 400 });
      }
      const main = proposalPage(compared.proposal, {
        visitor,
        taken: compared.taken,
        token: compared.token,
        seen: digestOf(compared.proposal),
      });
      return frame.send(reply, { ...page, main });
    });
  });

  function uploadsOf(owner: string) {
    return {
      take: (content: AsyncIterable<Uint8Array>) => ports.uploads.take(owner, content),
      drop: async (upload: Upload | null) => (upload === null ? undefined : ports.uploads.remove(upload.token)),
    };
  }

  async function compare(
    upload: Upload | null,
    { asOf, ...rest }: { readonly asOf: Date | null; readonly isComplete: boolean; readonly partner: string | null },
  ): Promise<
    | { readonly says: string }
    | { readonly proposal: ListingProposal; readonly taken: ListingTaken; readonly token: string }
  > {
    const megabytes = Math.floor(ports.uploads.mostBytes / 1_000_000);
    if (upload === null) return { says: `Choose a CSV of at most ${megabytes} MB.` };
    if (upload.bytes === 0) return { says: 'The file is empty, or none was chosen.' };
    if (asOf === null) return { says: 'Say when the insurer took the listing: nothing follows from it without.' };
    if (rest.partner !== null && ports.partners.get(rest.partner) === null)
      return { says: 'There is no such partner.' };
    const taken = { asOf, ...rest, endsOpen: upload.endsOpen };
    const compared = await compareListing(ports, upload.path, taken);
    return compared.kind === 'compared'
      ? { proposal: compared.proposal, taken, token: upload.token }
      : { says: sayUnusable(compared) };
  }

  const route = { needs: 'operator', section: 'doubts' } as const;
  registerAct(app, parts, { ...route, path: '/in-doubt/listing/carry-out' }, async ({ act, field, visitor }) => {
    const back = hrefOfDoubts();
    const upload = ports.uploads.find(field('token'), visitor.name ?? '');
    if (upload === null)
      return { kind: 'refused', says: 'The listing is not here any more: upload it again.', back, status: 404 };
    const asOf = readInstant(field('asOf'), { now: new Date(ports.clock.wallMs()), timeZone });
    const partner = field('partner');
    const taken = { asOf, isComplete: field('complete') === 'yes', partner: partner === '' ? null : partner };
    const compared = await compare(upload, taken);
    if ('says' in compared) return { kind: 'refused', says: compared.says, back, status: 400 };
    if (digestOf(compared.proposal) !== field('seen'))
      return {
        kind: 'refused',
        says: 'Since you looked, rows have moved: something else would follow than was shown. Upload it again.',
        back,
      };
    const { clock } = ports;
    const report = await reconcile({ ...ports, auditLog: ports.audit, clock }, compared.proposal, {
      ...act,
      asOf: compared.taken.asOf,
    });
    await ports.uploads.remove(upload.token);
    return { kind: 'shown', title: 'By a listing', main: reportPage(report) };
  });

  registerAct(app, parts, { ...route, path: '/in-doubt/ask' }, async ({ act, field }) => {
    const partner = field('partner');
    const asked = partner === '' ? {} : { partner };
    return {
      kind: 'csv',
      name: 'ask-the-insurer.csv',
      lines: askInsurer({ ...ports, auditLog: ports.audit }, asked, act),
    };
  });
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

/** Tells what was shown from what would follow by now. */
function digestOf({ registered, notCreated, secondLeads }: ListingProposal): string {
  const lines = [
    ...registered.map(({ row, leadId }) => `registered ${row.id} ${leadId}`),
    ...notCreated.map(({ id }) => `not created ${id}`),
    ...secondLeads.map(({ rowId, leadId }) => `second ${rowId} ${leadId}`),
  ];
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('base64url').slice(0, 22);
}
