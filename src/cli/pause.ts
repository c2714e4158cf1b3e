import type { Command } from 'commander';
import type { Cli, OpenedLedger } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { UsageFault } from './usage-fault.ts';

interface ReasonOption {
  readonly reason?: string;
}

/** `leadsync pause`: nothing more of a partner, or of anybody, is sent until somebody resumes it. */
export function registerPause(program: Command, cli: Cli): void {
  program
    .command('pause')
    .description('holds the calls of a partner, or of everybody, within a second')
    .argument('[partner]', 'one partner; without it everything')
    .option('--reason <text>', 'why; it is audited')
    .addHelpText(
      'after',
      `
Files are still taken in and read; their rows stay due. What has been sent comes
to its end.

Examples:
  leadsync pause acme --reason "their export has the wrong ramo"
  leadsync pause --reason "the insurer asked us to stop"
`,
    )
    .action(async (partner: string | undefined, options: ReasonOption) => {
      const act = { actor: cli.actor, reason: requiredReason(options.reason) };
      const opened = await cli.openLedger();
      try {
        const whose = await knownPartner(opened, partner);
        const isNew = await opened.ledger.pause(whose, act);
        const what = whose === null ? 'all work' : `work of ${whose}`;
        const way = `leadsync resume ${whose === null ? '' : `${whose} `}--reason "…"`;
        cli.out.print(isNew ? `${what} is paused; \`${way}\` lets it go on` : `${what} was paused already`);
      } finally {
        await opened.close();
      }
    });
}

/** `leadsync resume`: lets a partner's work go on, or everything, halted endpoints included. */
export function registerResume(program: Command, cli: Cli): void {
  program
    .command('resume')
    .description('lets paused work go on within a second; without a partner everything, halts included')
    .argument('[partner]', 'one partner; without it everything')
    .option('--reason <text>', 'why; it is audited')
    .addHelpText(
      'after',
      `
An outage is no pause: leadsync breaker.

Examples:
  leadsync resume acme --reason "corrected"
  leadsync resume --reason "the password is renewed"
`,
    )
    .action(async (partner: string | undefined, options: ReasonOption) => {
      const act = { actor: cli.actor, reason: requiredReason(options.reason) };
      const { resumeWork } = await import('../app/stop-work.ts');
      const { defaultAccount } = await import('../domain/account.ts');
      const opened = await cli.openLedger();
      try {
        // An empty text, as of a variable that is not set, would be taken for everybody.
        if (partner === '') throw new UsageFault('PARTNER: expected a partner, or nothing for everybody; got ""');
        const whose = partner ?? null;
        const behind = whose === null ? await opened.gap.gaps() : [];
        if (behind.length > 0) {
          const hosts = behind.map(({ host }) => host).join(', ');
          return cli.end(
            2,
            `error: LEDGER_BEHIND: the ledger lacks requests that were sent by ${hosts}; \`leadsync recover\` there first, or \`leadsync recover --give-up HOST\` where the host is lost with its spool`,
          );
        }
        const { pauses, halts } = await resumeWork(opened, whose, act);
        cli.out.print(sayResumed(whose, pauses, halts));
        const stops = await opened.ledger.stops(defaultAccount);
        if (stops.pauses.some((pause) => pause.partner === null))
          cli.out.note('everything is paused still: `leadsync resume --reason "…"`');
        if (stops.breaker.state !== 'closed') cli.out.note('the breaker is open still: `leadsync breaker`');
      } finally {
        await opened.close();
      }
    });
}

function sayResumed(partner: string | null, pauses: number, halts: number): string {
  if (partner !== null) return pauses > 0 ? `work of ${partner} goes on` : `work of ${partner} was not paused`;
  if (pauses + halts === 0) return 'nothing was paused or halted';
  return `work goes on: ${pauses} ${pauses === 1 ? 'pause' : 'pauses'} and ${halts} ${halts === 1 ? 'halt' : 'halts'} ended`;
}

/** A partner that has a config or rows. A pause of a name that nobody has would look as if it held something. */
async function knownPartner({ partners, ledger }: OpenedLedger, partner: string | undefined): Promise<string | null> {
  if (partner === undefined) return null;
  const known = new Set([
    ...partners.list().map(({ id }) => id),
    ...(await ledger.counts()).map((count) => count.partner),
  ]);
  if (known.has(partner)) return partner;
  throw new UsageFault(`PARTNER: expected one of ${[...known].toSorted().join(', ') || 'none'}; got "${partner}"`);
}
