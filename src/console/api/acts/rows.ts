import type { Console } from '../../console.ts';
import { resolveRow } from '../../doubts/resolve-row.ts';
import { readVerdict } from '../../doubts/verdicts.ts';
import { revealRow } from '../../leads/reveal-row.ts';
import { act } from '../contract/act.ts';
import { resolveBody } from '../contract/resolve.ts';
import { revealed } from '../contract/revealed.ts';
import { row } from '../contract/row.ts';
import { defineRoute, type Route } from '../route.ts';
import { shownRow } from '../shown-row.ts';
import { deedRefusals, ended } from './ended.ts';

/** `POST /api/leads/{row}/resolve` and `reveal`. */
export function rowActs({ ports, settings }: Console): readonly Route[] {
  const { timeZone } = settings.surroundings;
  const of = { method: 'POST', needs: 'operator' } as const;
  return [
    defineRoute(
      {
        ...of,
        area: 'in-doubt',
        path: '/leads/{row}/resolve',
        id: 'resolveRow',
        says: 'A person has found out what became of a row in doubt.',
        body: resolveBody,
        answer: row,
        refusals: [...deedRefusals, 'CONSOLE_TOO_EARLY'],
      },
      async ({ place, body, act: wanted }) => {
        const verdict = readVerdict(body.verdict, body.leadId ?? '');
        const of = { id: place, version: String(body.version), verdict, act: wanted, timeZone };
        return ended(await resolveRow(ports, of), async () => {
          const now = await ports.ledger.row(place);
          if (now === null) throw new Error('a row that was resolved is gone');
          return shownRow(ports.vault, now);
        });
      },
    ),
    defineRoute(
      {
        ...of,
        area: 'rows',
        path: '/leads/{row}/reveal',
        id: 'revealRow',
        says: 'What a row says of a person, in clear. Audited before it is answered.',
        body: act,
        answer: revealed,
        refusals: ['CONSOLE_NOT_FOUND', 'CONSOLE_NOT_POSSIBLE'],
      },
      async ({ place, act: wanted }) =>
        ended(await revealRow(ports, place, wanted), ({ row: { id, kind, partner }, values }) => ({
          id,
          kind,
          partner,
          values,
        })),
    ),
  ];
}
