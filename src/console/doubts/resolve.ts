import type { FastifyInstance } from 'fastify';
import type { LedgerRow } from '../../app/ports/row.ts';
import { resolveInDoubt, type Resolved } from '../../app/resolve-in-doubt.ts';
import { sayDuration } from '../../view/duration.ts';
import { outcomeWords } from '../../view/outcome-words.ts';
import { rowTimeline } from '../../view/timeline.ts';
import { sayLast } from '../acts/last-moment.ts';
import { registerAct, type ActEnd } from '../acts/register-act.ts';
import type { Console } from '../console.ts';
import { hrefOfDoubts, hrefOfRow } from '../shown/hrefs.ts';
import { readVerdict } from './verdicts.ts';

/** `POST /leads/:id/resolve`: a person ends a doubt. The row must be as it was when they looked at it. */
export function registerResolve(app: FastifyInstance, parts: Console): void {
  const { ports, settings } = parts;
  const { timeZone } = settings.surroundings;

  /** Somebody, or late evidence, was quicker: who, and to what. */
  async function movedOn({ id }: Pick<LedgerRow, 'id'>): Promise<ActEnd> {
    const [row, history] = await Promise.all([ports.ledger.row(id), ports.ledger.history(id)]);
    const state = row === null ? 'gone' : outcomeWords[row.state].word;
    const last = sayLast(rowTimeline(history), timeZone);
    return {
      kind: 'refused',
      says: `Row ${id} has moved on since you looked at it: it is ${state}. ${last} Nothing of yours was done.`,
      back: hrefOfRow(id),
    };
  }

  const route = { path: '/leads/:id/resolve', needs: 'operator', section: 'doubts' } as const;
  registerAct(app, parts, route, async ({ params, act, field }) => {
    const id = params['id'] ?? '';
    const row = /^\d{1,18}$/.test(id) ? await ports.ledger.row(id) : null;
    if (row === null) return { kind: 'refused', says: 'There is no such row.', back: hrefOfDoubts(), status: 404 };
    const back = hrefOfRow(id);
    const verdict = readVerdict(field('verdict'), field('leadId').trim());
    if (verdict === null)
      return {
        kind: 'refused',
        says: 'Say what was found. Where the insurer has the lead, with its leadId as the insurer writes it, without spaces.',
        back,
        status: 400,
      };
    if (String(row.version) !== field('version')) return movedOn(row);
    const resolved = await resolveInDoubt(ports, row, verdict, act);
    if (resolved.kind === 'resolved')
      return { kind: 'done', to: field('from') === 'list' ? hrefOfDoubts() : back, said: 'resolved' };
    if (resolved.kind === 'moved_on' || resolved.kind === 'not_in_doubt') return movedOn(row);
    return { kind: 'refused', says: sayRefused(row, resolved), back };
  });
}

function sayRefused(
  { id, kind }: Pick<LedgerRow, 'id' | 'kind'>,
  resolved: Exclude<Resolved, { readonly kind: 'moved_on' | 'not_in_doubt' | 'resolved' }>,
): string {
  switch (resolved.kind) {
    case 'wrong_verdict':
      return `That can not be said of a ${kind === 'lead' ? 'lead' : 'status update'}.`;
    case 'too_early':
      return `Too early: the first request of row ${id} could still arrive. Try again in ${sayDuration(resolved.waitMs)}.`;
    case 'lead_id_taken':
      return `Another row has this leadId, so it can not be that of row ${id}, which stays in doubt.`;
  }
}
