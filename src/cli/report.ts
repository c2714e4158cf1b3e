import type { Command } from 'commander';
import { isNight } from '../domain/night.ts';
import type { ReportPorts, ToldReport, WantedReport } from '../view/read-report.ts';
import type { Cli } from './cli.ts';
import { UsageFault } from './usage-fault.ts';

interface ReportOptions extends WantedReport {
  readonly json?: boolean;
}

/** `leadsync report`: a night on one screen, and what needs a person now. */
export function registerReport(program: Command, cli: Cli): void {
  program
    .command('report')
    .description('last night on one screen: files expected and arrived, outcomes, outages, what needs a person')
    .option('--night <date>', 'the night that ends in the morning of this date (default: of today)')
    .option('--partner <id>', 'of this partner alone')
    .option('--json', 'as an object with partners, stoppages, told and needsPerson')
    .addHelpText(
      'after',
      `
A night goes from noon to noon. What needs a person is as things stand now,
whatever night and partner are asked for.

Exit code: 1 when something needs a person and nobody has acknowledged it,
else 0.

Examples:
  leadsync report
  leadsync report --night 2026-11-24 --partner acme
  leadsync report --json | jq '.partners[] | {partner, outcomes}'
`,
    )
    .action(async ({ night, partner, json }: ReportOptions) => {
      if (night !== undefined && !isNight(night)) {
        throw new UsageFault(`--night: expected a date such as 2026-11-24; got "${night}"`);
      }
      const { isUrgent } = await import('../view/needs-person.ts');
      const { reportJson } = await import('../view/report-json.ts');
      const { formatReport } = await import('./report-text.ts');
      const opened = await cli.openLedger();
      try {
        const { timeZone } = opened.surroundings;
        const report = await read(opened, { night, partner });
        cli.out.print(
          json === true
            ? JSON.stringify(reportJson(report, timeZone), null, 2)
            : formatReport(report, { timeZone, width: cli.out.width }),
        );
        cli.end(isUrgent(report.needsPerson) ? 1 : 0);
      } finally {
        await opened.close();
      }
    });
}

/** Throws a UsageFault where there is no such report. */
async function read(ports: ReportPorts, wanted: WantedReport): Promise<ToldReport> {
  const { readReport } = await import('../view/read-report.ts');
  const found = await readReport(ports, wanted);
  switch (found.kind) {
    case 'read':
      return found.report;
    case 'not_begun':
      throw new UsageFault(`--night: expected one that has begun; that of ${found.night} begins at noon before it`);
    case 'partner_unknown':
      throw new UsageFault(`--partner: expected one that has a config or files; got "${wanted.partner ?? ''}"`);
  }
}
