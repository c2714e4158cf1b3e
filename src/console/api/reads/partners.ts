import { z } from 'zod';
import { kindsWithPattern, patternsOf } from '../../../domain/match-file.ts';
import type { Partner } from '../../../domain/partner.ts';
import { dueJson } from '../../../view/due-json.ts';
import type { Console } from '../../console.ts';
import { readPartner, readPartners, type PartnerStanding } from '../../partners/read-partners.ts';
import { partnerLife, partners } from '../contract/partner.ts';
import { refuse } from '../refusal.ts';
import { defineRoute, done, type Route } from '../route.ts';

/** As a partner is called in paths. */
export const partnerPlace = z.string().regex(/^[\w.-]{1,64}$/);

export function partnerReads({ ports }: Console): readonly Route[] {
  const of = { area: 'partners', method: 'GET', needs: 'viewer' } as const;
  return [
    defineRoute(
      {
        ...of,
        path: '/partners',
        id: 'listPartners',
        says: 'Whose files are carried, when, and what stops them.',
        answer: partners,
      },
      async () => {
        const { halts, pauseOfAll, partners: all } = await readPartners(ports);
        return done({ partners: all.map(standingJson), halts, pause: pauseOfAll });
      },
    ),
    defineRoute(
      {
        ...of,
        path: '/partners/{partner}',
        place: partnerPlace,
        id: 'readPartner',
        says: 'One partner, and what its files are measured by.',
        answer: partnerLife,
        refusals: ['CONSOLE_NOT_FOUND'],
      },
      async ({ place }) => {
        const found = await readPartner(ports, place);
        if (found === null) return refuse('CONSOLE_NOT_FOUND', 'There is no such partner.');
        const profiles = found.profiles.map(({ rows, filled, configVersion }) => ({ rows, filled, configVersion }));
        return done({ ...standingJson(found), profiles });
      },
    ),
  ];
}

function standingJson({ id, config, isBroken, nextRunAt, waiting, pause, inbox, dues, newest, held }: PartnerStanding) {
  return {
    id,
    config: isBroken ? 'not valid' : config === null ? 'none' : 'in force',
    version: config?.version ?? null,
    reads: config === null ? null : readsOf(config),
    schedule: config?.schedule ?? null,
    nextRunAt,
    waiting,
    pause,
    inbox,
    expected: dues.map(dueJson),
    newest: newest === null ? null : { id: newest.id, arrivedAt: newest.arrivedAt },
    held: held.map((file) => ({ id: file.id, code: file.code })),
  };
}

function readsOf(config: Partner): Readonly<Record<string, string>> {
  const kinds = kindsWithPattern(config);
  if (kinds.length === 0) return { leads: patternsOf(config).join(' ') };
  return Object.fromEntries(kinds.map(({ kind, pattern }) => [kind, pattern.match]));
}
