import { enterUpdate } from '../../../app/enter-update.ts';
import { judgeLeadToUpdate, leadsById, type LeadToUpdate } from '../../../app/lead-to-update.ts';
import { faults, partnerText } from '../../../domain/faults.ts';
import { outcomeWords } from '../../../view/outcome-words.ts';
import type { Console } from '../../console.ts';
import { errorOf } from '../answer.ts';
import { updatesBody, updatesEntered } from '../contract/update.ts';
import { refuse } from '../refusal.ts';
import { defineRoute, done, type Route } from '../route.ts';

/** Hundred observaciones, as long as they may be, in any script. */
const mostBytes = 2 * 1024 * 1024;

/** `POST /api/updates`: status updates by hand, for one lead or many, judged as `leadsync update` judges them. */
export function updateActs({ ports, settings }: Console): readonly Route[] {
  return [
    defineRoute(
      {
        area: 'updates',
        method: 'POST',
        needs: 'operator',
        path: '/updates',
        id: 'enterUpdates',
        says: 'Enters status updates, each in its turn; `leadsync run` sends them. Each is judged by itself.',
        body: updatesBody,
        answer: updatesEntered,
        refusals: ['CONSOLE_NOT_POSSIBLE'],
        mostBytes,
        takesKey: true,
      },
      async ({ body: { updates }, caller }) => {
        if (!['sandbox', 'test', 'production'].includes(settings.surroundings.environment))
          return refuse('CONSOLE_NOT_POSSIBLE', 'This ledger belongs to no Leads API yet: LEADS_API_URL is not set.');
        // Of all partners, which a lookup by id asks about: the same for each of them.
        const counts = await ports.ledger.counts();
        const asking = { ...ports, ledger: { ...ports.ledger, counts: async () => counts } };
        const results = [];
        // One after the other: updates of one lead keep the order of the request.
        for (const { lead, ...update } of updates) {
          const judged = judgeLeadToUpdate(ports, await leadsById(asking, lead.trim()));
          results.push(judged.kind === 'found' ? await enter(judged, update, caller.actor) : refusedLead(judged));
        }
        const refused = results.filter((result) => 'error' in result).length;
        return done({ entered: results.length - refused, refused, results });
      },
    ),
  ];

  async function enter(
    { lead, partner }: Extract<LeadToUpdate, { readonly kind: 'found' }>,
    { estado, observacion = '' }: { readonly estado: string; readonly observacion?: string | undefined },
    actor: string,
  ) {
    const entered = await enterUpdate(ports, lead, partner, { estado, observacion }, actor);
    if (entered.kind === 'entered') return { id: entered.rowId, leadRow: lead.id, leadState: lead.state };
    const [problem] = entered.problems;
    if (problem === undefined) throw new Error('an update was rejected without a problem');
    const { code, column = 'update', detail } = problem;
    const says = partnerText(code, 'en', { column, ...detail });
    return errorOf({ code, message: `${column}: ${says}`, hint: 'Correct it, and send it again.' });
  }
}

function refusedLead(judged: Exclude<LeadToUpdate, { readonly kind: 'found' }>) {
  switch (judged.kind) {
    case 'unknown':
      return errorOf({ code: 'ROW_LEAD_UNKNOWN', message: 'lead: no lead of the ledger has this id.' });
    case 'several': {
      const ids = judged.leads.map((row) => `ls-${row.id}`).join(', ');
      return errorOf({
        code: 'CONSOLE_REQUEST_INVALID',
        message: `lead: ${judged.leads.length} leads have this id: ${ids}.`,
        hint: 'Name one of them.',
      });
    }
    case 'no_lead': {
      const { id, state } = judged.row;
      return errorOf({
        code: 'ROW_LEAD_NOT_CREATED',
        message: `lead: row ${id} is ${outcomeWords[state].word}: no lead came of it.`,
      });
    }
    case 'no_config':
      return errorOf({
        code: 'CONFIG_PARTNER_INVALID',
        message: `lead: partner ${judged.lead.partner} has no config.`,
        hint: faults.CONFIG_PARTNER_INVALID.then,
      });
  }
}
