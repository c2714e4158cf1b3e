import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { registerPartnerCheck } from './partner-check.ts';
import type { PartnerDesk } from './partner-desk.ts';
import { registerPartnerInit } from './partner-init.ts';
import { registerPartnerList } from './partner-list.ts';

/** `leadsync partner`: the configs of the partners. `openDesk` is asked when a command needs it. */
export function registerPartner(program: Command, cli: Cli, openDesk: () => Promise<PartnerDesk>): void {
  const partner = program
    .command('partner')
    .description('the configs of the partners: list, init, check, schema')
    .addHelpText('after', '\nExamples:\n  leadsync partner list\n  leadsync help partner init\n');
  registerPartnerList(partner, cli, openDesk);
  registerPartnerInit(partner, cli, openDesk);
  registerPartnerCheck(partner, cli, openDesk);
  partner
    .command('schema')
    .description('the JSON Schema of a config, for editors, by the contract in force')
    .addHelpText('after', '\nExamples:\n  leadsync partner schema > partner.schema.json\n')
    .action(async () => {
      const desk = await openDesk();
      cli.out.print(JSON.stringify(desk.schema(), null, 2));
    });
}
