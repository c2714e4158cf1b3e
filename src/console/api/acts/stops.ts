import { defaultAccount } from '../../../domain/account.ts';
import type { Console } from '../../console.ts';
import { pauseAll, resumeAll, turnBreakerByHand } from '../../overview/stop-deeds.ts';
import { pausePartner, resumePartner } from '../../partners/partner-deeds.ts';
import { act } from '../contract/act.ts';
import { stopped } from '../contract/stop-act.ts';
import { breaker } from '../contract/stops.ts';
import { readBreaker } from '../reads/overview.ts';
import { partnerPlace } from '../reads/partners.ts';
import { defineRoute, type Route } from '../route.ts';
import { ended } from './ended.ts';

/** `POST /api/work/…`, `/breaker/…` and `/partners/{partner}/…`: everything, or a partner’s work, stops or goes on. */
export function stopActs({ ports, settings }: Console): readonly Route[] {
  const { timeZone } = settings.surroundings;
  const ofAll = { area: 'overview', method: 'POST', needs: 'admin', body: act } as const;
  const ofPartner = { area: 'partners', method: 'POST', needs: 'operator', body: act, place: partnerPlace } as const;
  const stops = async () => {
    const { pauses, halts } = await ports.ledger.stops(defaultAccount);
    return { pauses, halts };
  };
  return [
    ...(['open', 'close'] as const).map((wish) =>
      defineRoute(
        {
          ...ofAll,
          path: `/breaker/${wish}`,
          id: `${wish}Breaker`,
          says:
            wish === 'open' ? 'Holds every call until somebody closes it.' : 'Lets calls go again, slowly at first.',
          answer: breaker,
          refusals: ['CONSOLE_MOVED_ON'],
        },
        async ({ act: wanted }) => ended(await turnBreakerByHand(ports, wish, wanted), () => readBreaker(ports)),
      ),
    ),
    defineRoute(
      {
        ...ofAll,
        path: '/work/pause',
        id: 'pauseWork',
        says: 'Nothing more is sent of anybody. Files are read; rows stay due.',
        answer: stopped,
        refusals: ['CONSOLE_MOVED_ON'],
      },
      async ({ act: wanted }) => ended(await pauseAll(ports, { act: wanted, timeZone }), stops),
    ),
    defineRoute(
      {
        ...ofAll,
        path: '/work/resume',
        id: 'resumeWork',
        says: 'Ends every pause and every halt.',
        answer: stopped,
        refusals: ['CONSOLE_MOVED_ON', 'LEDGER_BEHIND'],
      },
      async ({ act: wanted }) => ended(await resumeAll(ports, wanted), stops),
    ),
    defineRoute(
      {
        ...ofPartner,
        path: '/partners/{partner}/pause',
        id: 'pausePartner',
        says: 'Nothing more of a partner is sent.',
        answer: stopped,
        refusals: ['CONSOLE_NOT_FOUND', 'CONSOLE_MOVED_ON'],
      },
      async ({ place, act: wanted }) => ended(await pausePartner(ports, place, { act: wanted, timeZone }), stops),
    ),
    defineRoute(
      {
        ...ofPartner,
        path: '/partners/{partner}/resume',
        id: 'resumePartner',
        says: 'Work of a partner goes on.',
        answer: stopped,
        refusals: ['CONSOLE_MOVED_ON'],
      },
      async ({ place, act: wanted }) => ended(await resumePartner(ports, place, wanted), stops),
    ),
  ];
}
