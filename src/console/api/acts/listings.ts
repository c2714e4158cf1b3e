import { askInsurer } from '../../../app/ask-insurer.ts';
import { proposalJson } from '../../../view/listing-json.ts';
import type { Console } from '../../console.ts';
import { carryOutListing, compareUpload } from '../../listings/listing-deeds.ts';
import {
  askBody,
  asked,
  carryOutBody,
  listing,
  listingCarriedOut,
  listingCompared,
  listingQuery,
} from '../contract/listing.ts';
import { refuse } from '../refusal.ts';
import { defineRoute, done, type Route } from '../route.ts';
import { ended, refusedDeed } from './ended.ts';

interface Said {
  readonly asOf: string;
  readonly complete?: 'no' | 'yes' | undefined;
  readonly partner?: string | undefined;
}

const saidOf = ({ asOf, complete, partner = '' }: Said) => ({ asOf, isComplete: complete === 'yes', partner });

/** `POST /api/in-doubt/…`: what to ask the insurer, and what follows from a listing of theirs. */
export function listingActs({ ports, settings }: Console): readonly Route[] {
  const { timeZone } = settings.surroundings;
  const of = { area: 'in-doubt', method: 'POST', needs: 'operator' } as const;
  const isKnown = async (id: string) =>
    ports.partners.get(id) !== null || (await ports.ledger.counts()).some(({ partner }) => partner === id);
  return [
    defineRoute(
      {
        ...of,
        path: '/in-doubt/ask',
        id: 'askInsurer',
        says: 'What to send to the insurer about what is in doubt. Personal: audited before it is answered.',
        body: askBody,
        answer: asked,
      },
      async ({ body: { partner }, act }) => {
        // What is asked about is audited for ever: a name that nobody has could be anything.
        if (partner !== undefined && !(await isKnown(partner)))
          return refuse('CONSOLE_REQUEST_INVALID', 'partner: there is no such partner');
        const lines = askInsurer({ ...ports, auditLog: ports.audit }, partner === undefined ? {} : { partner }, act);
        return done({ csv: (await Array.fromAsync(lines)).join('') });
      },
    ),
    defineRoute(
      {
        ...of,
        path: '/in-doubt/listing',
        id: 'compareListing',
        says: 'What would follow from a listing of the insurer, sent as text/csv. Nothing is done.',
        query: listingQuery,
        body: listing,
        isUpload: true,
        answer: listingCompared,
      },
      async ({ query, body, caller }) => {
        // No person's: their names have no colon.
        const upload = await ports.uploads.take(caller.actor, body);
        if (upload === null) return refuse('CONSOLE_BODY_TOO_LARGE');
        const compared = await compareUpload(ports, upload, { said: saidOf(query), timeZone });
        if (compared.kind === 'done') {
          const { token, seen, proposal } = compared;
          return done({ token, seen, proposal: proposalJson(proposal) });
        }
        await ports.uploads.remove(upload.token);
        return refusedDeed(compared);
      },
    ),
    defineRoute(
      {
        ...of,
        path: '/in-doubt/listing/carry-out',
        id: 'carryOutListing',
        says: 'Carries out what was shown of a listing, if the same still follows.',
        body: carryOutBody,
        answer: listingCarriedOut,
        refusals: ['CONSOLE_NOT_FOUND', 'CONSOLE_MOVED_ON'],
      },
      async ({ body: { token, seen, ...said }, caller, act }) => {
        const wanted = { token, seen, owner: caller.actor, said: saidOf(said), timeZone };
        return ended(await carryOutListing(ports, wanted, act), ({ report }) => report);
      },
    ),
  ];
}
