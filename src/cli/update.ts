import type { Command } from 'commander';
import type { LeadToUpdate } from '../app/lead-to-update.ts';
import type { Cli } from './cli.ts';
import { UsageFault } from './usage-fault.ts';

interface UpdateOptions {
  readonly estado: string;
  readonly observacion?: string;
  readonly nif?: string;
}

/** `leadsync update LEAD`: one status update by hand. */
export function registerUpdate(program: Command, cli: Cli): void {
  program
    .command('update')
    .description('one status update by hand; it is sent by `leadsync run`, in its turn')
    .argument('[lead]', 'leadId, idLanding, partnerLeadId or row id (ls-42 is always a row)')
    .requiredOption('--estado <n>', "a number, or the partner's word for it")
    .option('--observacion <text>', 'what the insurer reads beside it; - asks for it')
    .option('--nif <->', 'the lead of a NIF, phone or e-mail, asked for or read from standard input')
    .addHelpText(
      'after',
      `
Examples:
  leadsync update 10000042 --estado 7 --observacion "Cita concertada"
  leadsync update CRM-2026-0042 --estado 20 --observacion -
`,
    )
    .action(async (key: string | undefined, options: UpdateOptions) => {
      const { findLeads, readLeadKey } = await import('./find-leads.ts');
      const { enterUpdate } = await import('../app/enter-update.ts');
      const { judgeLeadToUpdate } = await import('../app/lead-to-update.ts');
      const leadKey = readLeadKey('LEAD', key, options.nif);
      const opened = await cli.openLedger();
      try {
        if (!['sandbox', 'test', 'production'].includes(opened.surroundings.environment)) {
          throw new UsageFault('LEADS_API_URL: expected the URL of the Leads API; got nothing');
        }
        const leads = await findLeads(opened, leadKey, { ...cli, by: 'update' });
        const { lead, partner } = leadMeant(judgeLeadToUpdate(opened, leads));
        const asked = options.observacion === '-' ? await cli.out.ask('observacion:') : options.observacion;
        const entered = await enterUpdate(
          opened,
          lead,
          partner,
          { estado: options.estado, observacion: asked ?? '' },
          cli.actor,
        );
        if (entered.kind === 'rejected') {
          const { partnerText } = await import('../domain/faults.ts');
          const [problem] = entered.problems;
          if (problem === undefined) throw new Error('an update was rejected without a problem');
          const column = problem.column ?? 'update';
          const says = partnerText(problem.code, 'en', { column, ...problem.detail });
          throw new UsageFault(`--${column}: ${problem.code}: ${says}`);
        }
        cli.out.print(`status update, row ${entered.rowId}, of the lead of row ${lead.id}`);
        cli.out.note(
          lead.state === 'registered'
            ? `it is sent in its turn; leadsync lead ls-${lead.id} shows it`
            : 'it waits until the lead is registered',
        );
      } finally {
        await opened.close();
      }
    });
}

/** The one lead that is meant, with its partner's config; throws UsageFault. */
function leadMeant(judged: LeadToUpdate): Extract<LeadToUpdate, { readonly kind: 'found' }> {
  switch (judged.kind) {
    case 'found':
      return judged;
    case 'unknown':
      throw new UsageFault('LEAD: expected a lead of the ledger; got a key that no lead has');
    case 'several': {
      const ids = judged.leads.map((row) => `ls-${row.id}`);
      throw new UsageFault(`LEAD: expected one lead; got ${ids.length}: ${ids.join(', ')}`);
    }
    case 'no_lead': {
      const { id, state } = judged.row;
      throw new UsageFault(`LEAD: expected a lead that exists or is on its way; row ${id} is ${state}`);
    }
    case 'no_config':
      throw new UsageFault(`LEAD: expected a lead of a partner with a config; ${judged.lead.partner} has none`);
  }
}
