import type { Command } from 'commander';
import type { Act } from '../app/ports/held-files.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import type { NeedsPerson } from '../view/needs-person.ts';
import { requiredReason } from './required-reason.ts';
import { readUntil } from './until.ts';
import { UsageFault } from './usage-fault.ts';

interface AckOptions {
  readonly until?: string;
  readonly withdraw?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `leadsync ack`: what needs a person is known, and no longer red. */
export function registerAck(program: Command, cli: Cli): void {
  program
    .command('ack')
    .description('an alarm is known until a time, and no longer red; without one: the alarms, by name')
    .argument('[alarm]', 'as this command lists it')
    .option('--until <time>', 'when it is red again: 4h, 18:00, 2026-11-30')
    .option('--withdraw', 'it is news again')
    .option('--reason <text>', 'why; it is audited')
    .option('--json', 'the alarms as an array of objects')
    .addHelpText(
      'after',
      `
What is known does not make the exit code 1. It covers what is there now: more
rows of the same kind, or an outage that ends and begins again, are news.

Exit code: 1 when something needs a person and nobody has acknowledged it,
else 0.

Examples:
  leadsync ack
  leadsync ack missing:brisa:leads:2026-11-24T06:00 --until 18:00 \\
    --reason "they send it in the afternoon"
  leadsync ack in-doubt:acme:lead --until 2d --reason "asked, ticket 8812"
  leadsync ack in-doubt:acme:lead --withdraw --reason "ticket closed"
`,
    )
    .action(async (alarm: string | undefined, options: AckOptions) => {
      const wish = readWish(alarm, options, cli.actor);
      const { takeStock } = await import('../view/take-stock.ts');
      const opened = await cli.openLedger();
      try {
        const stand = async () => (await takeStock(opened, { limit: 1 })).needsPerson;
        if (wish !== null) await carryOut(cli, opened, wish, await stand());
        await list(cli, opened, await stand(), { isQuiet: wish !== null, isJson: options.json === true });
      } finally {
        await opened.close();
      }
    });
}

interface Wish {
  readonly alarm: string;
  readonly act: Act;
  /** As typed. Null: withdraw. */
  readonly until: string | null;
}

/** Read wholly before anything is opened. */
function readWish(alarm: string | undefined, options: AckOptions, actor: string): Wish | null {
  const { until, withdraw = false, reason } = options;
  if (alarm === undefined) {
    if (until !== undefined || withdraw || reason !== undefined)
      throw new UsageFault('ALARM: expected the name of an alarm with --until or --withdraw; got none');
    return null;
  }
  if ((until === undefined) !== withdraw) throw new UsageFault('expected one of --until, --withdraw');
  return { alarm, act: { actor, reason: requiredReason(reason) }, until: until ?? null };
}

async function carryOut(
  cli: Cli,
  { alarms, surroundings }: OpenedLedger,
  { alarm, act, until }: Wish,
  needs: readonly NeedsPerson[],
): Promise<void> {
  if (until === null) {
    if (!(await alarms.withdraw(alarm, act))) throw new UsageFault(`ALARM: "${alarm}" was not acknowledged`);
    return cli.out.print(`${alarm} is news again`);
  }
  const { timeZone } = surroundings;
  const moment = readUntil('--until', until, { now: new Date(), timeZone });
  const need = needs.find((one) => one.alarm === alarm);
  if (need === undefined) {
    const known = needs.map((one) => one.alarm).join(', ') || 'none';
    throw new UsageFault(`ALARM: expected one of ${known}; got "${alarm}"`);
  }
  await alarms.acknowledge(need, moment, act);
  const { showInstant } = await import('../view/instant.ts');
  cli.out.print(`${alarm} is known until ${showInstant(moment, timeZone)}`);
}

async function list(
  cli: Cli,
  { surroundings }: OpenedLedger,
  needs: readonly NeedsPerson[],
  { isQuiet, isJson }: { readonly isQuiet: boolean; readonly isJson: boolean },
): Promise<void> {
  const { isUrgent } = await import('../view/needs-person.ts');
  cli.end(isUrgent(needs) ? 1 : 0);
  if (isJson) {
    const { needsJson } = await import('../view/needs-json.ts');
    return cli.out.print(JSON.stringify(needsJson(needs), null, 2));
  }
  if (isQuiet) return;
  const { formatAlarms } = await import('./alarm-text.ts');
  cli.out.print(formatAlarms(needs, { timeZone: surroundings.timeZone, width: cli.out.width }));
}
