import type { Command } from 'commander';
import type { Cli } from './cli.ts';

interface LeadOptions {
  readonly nif?: string;
  readonly json?: boolean;
}

/** `leadsync lead KEY`: one lead's whole life. */
export function registerLead(program: Command, cli: Cli): void {
  program
    .command('lead')
    .description("one lead's whole life: where it came from, every attempt, every update")
    .argument('[key]', 'leadId, idLanding, partnerLeadId or row id (ls-42 is always a row)')
    .option('--nif <->', 'a NIF, phone or e-mail, asked for or read from standard input')
    .option('--json', 'as an array of objects')
    .addHelpText(
      'after',
      `
Examples:
  leadsync lead CRM-2026-0042
  leadsync lead ls-17 --json
  leadsync lead --nif -            asks; never put a NIF in a command line
`,
    )
    .action(async (key: string | undefined, options: LeadOptions) => {
      const { findLeads, readLeadKey } = await import('./find-leads.ts');
      const leadKey = readLeadKey('KEY', key, options.nif);
      const { leadLifeJson, readLeadLife } = await import('../view/lead-life.ts');
      const opened = await cli.openLedger();
      try {
        const page = { timeZone: opened.surroundings.timeZone, width: cli.out.width };
        const leads = await findLeads(opened, leadKey, { ...cli, by: 'lead' });
        const [only] = leads;
        if (only === undefined) return cli.end(2, 'no lead has this key (by NIF, phone or e-mail: lead --nif -)');
        if (options.json === true) {
          const lives = await Promise.all(leads.map((row) => readLeadLife(opened, row)));
          const listed = await Promise.all(lives.map((life) => leadLifeJson(opened, life)));
          return cli.out.print(JSON.stringify(listed, null, 2));
        }
        if (leads.length > 1) {
          const { formatRows } = await import('./row-table.ts');
          cli.out.print(formatRows(leads, page));
          return cli.out.note(`several leads; one of them: leadsync lead ls-${only.id}`);
        }
        const { formatLeadLife } = await import('./lead-text.ts');
        cli.out.print(formatLeadLife(await readLeadLife(opened, only), page));
      } finally {
        await opened.close();
      }
    });
}
