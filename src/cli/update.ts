import type { Command } from 'commander';
import type { LedgerRow } from '../app/ports/row.ts';
import type { Cli } from './cli.ts';
import { UsageFault } from './usage-fault.ts';

interface UpdateOptions {
  readonly estado: string;
  readonly observacion?: string;
  readonly nif?: string;
}

const leadsThatNeverWere: ReadonlySet<string> = new Set(['rejected', 'not_managed', 'cancelled', 'abandoned']);

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
      const leadKey = readLeadKey('LEAD', key, options.nif);
      const opened = await cli.openLedger();
      try {
        if (!['sandbox', 'test', 'production'].includes(opened.surroundings.environment)) {
          throw new UsageFault('LEADS_API_URL: expected the URL of the Leads API; got nothing');
        }
        const lead = onlyLead(await findLeads(opened, leadKey, { ...cli, by: 'update' }));
        const partner = opened.partners.get(lead.partner);
        if (partner === null)
          throw new UsageFault(`LEAD: expected a lead of a partner with a config; ${lead.partner} has none`);
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

function onlyLead(leads: readonly LedgerRow[]): LedgerRow {
  const [lead, another] = leads;
  if (lead === undefined) throw new UsageFault('LEAD: expected a lead of the ledger; got a key that no lead has');
  if (another !== undefined) {
    throw new UsageFault(
      `LEAD: expected one lead; got ${leads.length}: ${leads.map((row) => `ls-${row.id}`).join(', ')}`,
    );
  }
  if (lead.kind === 'lead' && !leadsThatNeverWere.has(lead.state)) return lead;
  throw new UsageFault(`LEAD: expected a lead that exists or is on its way; row ${lead.id} is ${lead.state}`);
}
