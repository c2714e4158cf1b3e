import type { FastifyInstance } from 'fastify';
import { askInsurer } from '../../app/ask-insurer.ts';
import type { Upload } from '../../app/ports/uploads.ts';
import { refusedForm } from '../acts/refused-form.ts';
import { registerAct } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { isOfOwnOrigin } from '../door/own-origin.ts';
import { mayAct, visitorOf } from '../door/visitor.ts';
import { fieldOf } from '../frame/form.ts';
import { acceptMultipart, readMultipart } from '../frame/multipart.ts';
import { hrefOfDoubts } from '../shown/hrefs.ts';
import { carryOutListing, compareUpload, type ListingSaid } from './listing-deeds.ts';
import { proposalPage, refusedListingPage, reportPage } from './proposal-page.ts';

/**
 * `POST /in-doubt/listing`: a listing of the insurer is uploaded, compared, and shown with what would follow.
 * `/in-doubt/listing/carry-out`: it is carried out, if the same still follows. `/in-doubt/ask`: what to send to the insurer.
 */
export function registerListings(app: FastifyInstance, parts: Console): void {
  const { door, frame, ports, settings } = parts;
  const { timeZone } = settings.surroundings;
  const saidBy = (field: (name: string) => string): ListingSaid => ({
    asOf: field('asOf'),
    isComplete: field('complete') === 'yes',
    partner: field('partner'),
  });

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
      const said = saidBy((name) => fieldOf(request, name));
      const compared = await compareUpload(ports, upload, { said, timeZone });
      const page = { title: 'By a listing', section: 'doubts', visitor } as const;
      if (compared.kind === 'refused') {
        if (upload !== null) await ports.uploads.remove(upload.token);
        return frame.send(reply, { ...page, main: refusedListingPage(compared.says), status: 400 });
      }
      const { proposal, ...shown } = compared;
      return frame.send(reply, { ...page, main: proposalPage(proposal, { visitor, ...shown }) });
    });
  });

  function uploadsOf(owner: string) {
    return {
      take: (content: AsyncIterable<Uint8Array>) => ports.uploads.take(owner, content),
      drop: async (upload: Upload | null) => (upload === null ? undefined : ports.uploads.remove(upload.token)),
    };
  }

  const route = { needs: 'operator', section: 'doubts' } as const;
  registerAct(app, parts, { ...route, path: '/in-doubt/listing/carry-out' }, async ({ act, field, visitor }) => {
    const wanted = { token: field('token'), owner: visitor.name ?? '', seen: field('seen'), said: saidBy(field) };
    const end = await carryOutListing(ports, { ...wanted, timeZone }, act);
    if (end.kind === 'refused') return refusedForm(end, hrefOfDoubts());
    return { kind: 'shown', title: 'By a listing', main: reportPage(end.report) };
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
