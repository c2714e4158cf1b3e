import { z } from 'zod';
import { leadLifeJson, readLeadLife } from '../../../view/lead-life.ts';
import type { Console } from '../../console.ts';
import { leadLife } from '../contract/lead-life.ts';
import { refuse } from '../refusal.ts';
import { defineRoute, done, type Route } from '../route.ts';
import { masked } from '../shown-row.ts';

export function leadReads({ ports }: Console): readonly Route[] {
  return [
    defineRoute(
      {
        area: 'rows',
        method: 'GET',
        needs: 'viewer',
        path: '/leads/{row}',
        place: z.string().regex(/^(?:ls-)?\d{1,18}$/),
        id: 'readLead',
        says: 'The whole life of one row, lead or status update, by its number: as `leadsync lead --json`.',
        answer: leadLife,
        refusals: ['CONSOLE_NOT_FOUND'],
      },
      async ({ place }) => {
        const row = await ports.ledger.row(place.replace('ls-', ''));
        if (row === null) return refuse('CONSOLE_NOT_FOUND', 'There is no such row.');
        const life = await leadLifeJson(ports, await readLeadLife(ports, row));
        return done({ ...masked(life), updates: life.updates.map(masked) });
      },
    ),
  ];
}
