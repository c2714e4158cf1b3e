import { scaledPatience } from '../../../app/change-breaker.ts';
import { defaultAccount } from '../../../domain/account.ts';
import { needsJson } from '../../../view/needs-json.ts';
import { statusJson } from '../../../view/status-json.ts';
import { breakerStanding } from '../../../view/stop-words.ts';
import { takeStock } from '../../../view/take-stock.ts';
import type { Console } from '../../console.ts';
import type { ConsolePorts } from '../../ports.ts';
import { needs } from '../contract/need.ts';
import { statusQuery } from '../contract/query.ts';
import { status } from '../contract/status.ts';
import { breaker } from '../contract/stops.ts';
import { defineRoute, done, type Route } from '../route.ts';

const usualFiles = 10;

/** How things stand, and what needs a person. */
export function overviewReads({ ports, settings }: Console): readonly Route[] {
  const of = { area: 'overview', method: 'GET', needs: 'viewer' } as const;
  return [
    defineRoute(
      {
        ...of,
        path: '/status',
        id: 'readStatus',
        says: 'How things stand, and what needs a person: as `leadsync status --json`.',
        query: statusQuery,
        answer: status,
      },
      async ({ query: { limit = usualFiles } }) =>
        done(statusJson(await takeStock(ports, { limit }), settings.surroundings)),
    ),
    defineRoute(
      {
        ...of,
        path: '/alarms',
        id: 'listAlarms',
        says: 'What needs a person: as `leadsync ack --json`.',
        answer: needs,
      },
      async () => done({ needsPerson: needsJson((await takeStock(ports, { limit: 1 })).needsPerson) }),
    ),
    defineRoute(
      { ...of, path: '/breaker', id: 'readBreaker', says: 'The outage breaker of the API account.', answer: breaker },
      async () => done(await readBreaker(ports)),
    ),
  ];
}

/** As `leadsync breaker --json`. */
export async function readBreaker({ clock, ledger, settings }: Pick<ConsolePorts, 'clock' | 'ledger' | 'settings'>) {
  const { ratePerSecond, timeScale } = settings;
  const standing = breakerStanding(await ledger.stops(defaultAccount), {
    ratePerSecond,
    patience: scaledPatience(timeScale),
    now: new Date(clock.wallMs()),
  });
  return { account: defaultAccount, ...standing };
}
