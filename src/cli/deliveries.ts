import type { Command } from 'commander';
import type { DeliveryFilter, DeliveryState } from '../app/ports/delivery-ledger.ts';
import { isDate } from '../domain/local-time.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { readCount, readId } from './typed-number.ts';
import { UsageFault } from './usage-fault.ts';

interface DeliveriesOptions {
  readonly partner?: string;
  readonly file?: string;
  readonly night?: string;
  readonly state?: string;
  readonly limit?: string;
  readonly again?: readonly string[];
  readonly goOn?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

const states: readonly DeliveryState[] = ['pending', 'delivered', 'given_up'];

/** `leadsync deliveries`: what is told outside, whether it has arrived, and ways to send it again. */
export function registerDeliveries(program: Command, cli: Cli): void {
  program
    .command('deliveries')
    .description('summaries and webhooks: what has arrived, what waits and why; sends them again')
    .option('--partner <id>', 'those of one partner')
    .option('--file <id>', 'those about one file')
    .option('--night <date>', 'those about one night')
    .option('--state <state>', states.join(', '))
    .option('--limit <n>', 'so many, newest first', '50')
    .option('--again <id...>', 'sends these again, from their first page')
    .option('--go-on <partner>', 'webhooks of a partner that were stopped go on')
    .option('--reason <text>', 'why; it is audited')
    .option('--json', 'as an array of objects')
    .addHelpText(
      'after',
      `
A receiver that does not answer is tried again, later and later: with a summary
for a day, with a webhook of a partner for a week. Webhooks to a partner that
fails for three days are stopped until somebody lets them go on; nothing of what
waits is lost.

Examples:
  leadsync deliveries --state pending
  leadsync deliveries --partner acme --json
  leadsync deliveries --again 812 813 --reason "they lost them"
  leadsync deliveries --go-on acme --reason "their server is back"
`,
    )
    .action(async (options: DeliveriesOptions) => {
      const wish = readWish(options);
      const opened = await cli.openLedger();
      try {
        if (wish.kind === 'list') await list(cli, opened, wish.filter, options.json === true);
        else await act(cli, opened, wish);
      } finally {
        await opened.close();
      }
    });
}

type Wish =
  | { readonly kind: 'again'; readonly ids: readonly string[]; readonly reason: string }
  | { readonly kind: 'goOn'; readonly partner: string; readonly reason: string }
  | { readonly kind: 'list'; readonly filter: DeliveryFilter };

/** Read wholly before anything is opened. */
function readWish({ again, goOn, reason, ...options }: DeliveriesOptions): Wish {
  if (again !== undefined && goOn !== undefined) throw new UsageFault('expected one of --again, --go-on');
  if (again !== undefined)
    return { kind: 'again', ids: again.map((id) => readId('--again', id)), reason: requiredReason(reason) };
  if (goOn !== undefined) return { kind: 'goOn', partner: goOn, reason: requiredReason(reason) };
  if (reason !== undefined) throw new UsageFault('--reason: expected --again or --go-on with it');
  const { partner, file, night, state, limit = '50' } = options;
  const wanted = states.find((one) => one === state);
  if (state !== undefined && wanted === undefined)
    throw new UsageFault(`--state: expected one of ${states.join(', ')}; got "${state}"`);
  if (night !== undefined && !isDate(night))
    throw new UsageFault(`--night: expected a date such as 2026-11-24; got "${night}"`);
  return {
    kind: 'list',
    filter: {
      limit: readCount('--limit', limit),
      ...(partner === undefined ? {} : { partner }),
      ...(file === undefined ? {} : { fileId: readId('--file', file) }),
      ...(night === undefined ? {} : { night }),
      ...(wanted === undefined ? {} : { state: wanted }),
    },
  };
}

async function act(cli: Cli, { deliveries }: OpenedLedger, wish: Extract<Wish, { reason: string }>): Promise<void> {
  const why = { actor: cli.actor, reason: wish.reason };
  if (wish.kind === 'goOn') {
    const wasStopped = await deliveries.goOn({ channel: 'webhook', recipient: wish.partner }, why);
    return cli.out.print(`webhooks to ${wish.partner} ${wasStopped ? 'go on' : 'were not stopped'}`);
  }
  for (const id of wish.ids) {
    if (!(await deliveries.sendAgain(id, why))) throw new UsageFault(`--again: there is no delivery ${id}`);
    cli.out.print(`delivery ${id} goes out again`);
  }
}

async function list(
  cli: Cli,
  { deliveries, surroundings }: OpenedLedger,
  filter: DeliveryFilter,
  isJson: boolean,
): Promise<void> {
  const found = await deliveries.deliveries(filter);
  const { deliveryJson, formatDeliveries } = await import('./delivery-text.ts');
  if (isJson) return cli.out.print(JSON.stringify(found.map(deliveryJson), null, 2));
  if (found.length === 0) return cli.out.print('nothing was told to anybody, or nothing fits');
  cli.out.print(formatDeliveries(found, { timeZone: surroundings.timeZone, width: cli.out.width }));
}
