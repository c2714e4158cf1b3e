import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { UsageFault } from './usage-fault.ts';
import { wrapText } from './text-width.ts';

interface BreakerOptions {
  readonly open?: boolean;
  readonly close?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `leadsync breaker`: shows the outage breaker of the API account, and opens or closes it by hand. */
export function registerBreaker(program: Command, cli: Cli): void {
  program
    .command('breaker')
    .description('the outage breaker: its state, the next probe, the rate now; opens or closes it')
    .option('--open', 'hold every call until somebody closes it')
    .option('--close', 'let calls go again, at a rate that climbs from one a second')
    .option('--reason <text>', 'why; it is audited')
    .option('--json', 'as an object')
    .addHelpText(
      'after',
      `
It opens by itself in an outage and closes by itself with the first proper
answer to a probe.

Examples:
  leadsync breaker
  leadsync breaker --open --reason "maintenance of the API, 22:00 to 23:00"
  leadsync breaker --close --reason "maintenance is over"
`,
    )
    .action(async (options: BreakerOptions) => {
      if (options.open === true && options.close === true) throw new UsageFault('expected --open or --close; got both');
      const wish = options.open === true ? 'open' : options.close === true ? 'close' : null;
      if (wish === null && options.reason !== undefined)
        throw new UsageFault('--reason: expected --open or --close with it; got neither');
      const act = wish === null ? null : { actor: cli.actor, reason: requiredReason(options.reason) };
      const { defaultAccount } = await import('../domain/account.ts');
      const { scaledPatience } = await import('../app/change-breaker.ts');
      const { turnBreaker } = await import('../app/stop-work.ts');
      const { breakerStanding, sayBreaker, sayProbe } = await import('../view/stop-words.ts');
      const opened = await cli.openLedger();
      try {
        const turned = wish === null || act === null ? null : await turnBreaker(opened, wish, act);
        if (turned?.changed === false) cli.out.note(`the breaker was ${wish === 'open' ? 'opened' : 'closed'} already`);
        const stops = turned?.stops ?? (await opened.ledger.stops(defaultAccount));
        const { ratePerSecond, timeScale } = opened.settings;
        const now = new Date();
        const standing = breakerStanding(stops, { ratePerSecond, patience: scaledPatience(timeScale), now });
        if (options.json === true)
          return cli.out.print(JSON.stringify({ account: defaultAccount, ...standing }, null, 2));
        const lines = [sayBreaker(standing, opened.surroundings.timeZone), sayProbe(standing, now)];
        cli.out.print(
          lines
            .filter((line) => line !== '')
            .map((line) => wrapText(line, cli.out.width))
            .join('\n'),
        );
      } finally {
        await opened.close();
      }
    });
}
