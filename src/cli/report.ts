import type { Command } from 'commander';
import { isDate, localTimeAt } from '../domain/local-time.ts';
import type { Cli } from './cli.ts';
import { UsageFault } from './usage-fault.ts';

interface ReportOptions {
  readonly night?: string;
  readonly json?: boolean;
}

/** `leadsync report`: a night on one screen, and what needs a person now. */
export function registerReport(program: Command, cli: Cli): void {
  program
    .command('report')
    .description('last night on one screen: files expected and arrived, outcomes, outages, what needs a person')
    .option('--night <date>', 'the night that ends in the morning of this date (default: of today)')
    .option('--json', 'as an object with partners, stoppages, told and needsPerson')
    .addHelpText(
      'after',
      `
A night goes from noon to noon. What needs a person is as things stand now.

Exit code: 1 when something needs a person and nobody has acknowledged it,
else 0.

Examples:
  leadsync report
  leadsync report --night 2026-11-24
  leadsync report --json | jq '.partners[] | {partner, outcomes}'
`,
    )
    .action(async (options: ReportOptions) => {
      const wanted = options.night;
      if (wanted !== undefined && !isDate(wanted)) {
        throw new UsageFault(`--night: expected a date such as 2026-11-24; got "${wanted}"`);
      }
      const { readNight } = await import('../app/read-night.ts');
      const { takeStock } = await import('../view/take-stock.ts');
      const { isUrgent } = await import('../view/needs-person.ts');
      const { formatReport, reportJson } = await import('./report-text.ts');
      const opened = await cli.openLedger();
      try {
        const { timeZone } = opened.surroundings;
        const night = wanted ?? localTimeAt(new Date(), timeZone).date;
        const told = await opened.deliveries.deliveries({ night, limit: 100 });
        const report = { ...(await readNight(opened, night)), told: told.toReversed() };
        const { needsPerson } = await takeStock(opened, { limit: 1 });
        cli.out.print(
          options.json === true
            ? JSON.stringify(reportJson(report, needsPerson, timeZone), null, 2)
            : formatReport(report, needsPerson, { timeZone, width: cli.out.width }),
        );
        cli.end(isUrgent(needsPerson) ? 1 : 0);
      } finally {
        await opened.close();
      }
    });
}
