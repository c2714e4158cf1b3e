import type { Command } from 'commander';
import type { Cli, OpenedLedger } from './cli.ts';
import { mustBeAskedFor } from './personal-key.ts';
import { requiredReason } from './required-reason.ts';
import { readCount, readId } from './typed-number.ts';
import { UsageFault } from './usage-fault.ts';

export interface EraseOptions {
  readonly nif?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly list?: boolean;
  readonly carryOn?: boolean;
  readonly lift?: string;
  readonly giveUp?: string;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly limit?: string;
  readonly json?: boolean;
}

const personOptions = ['nif', 'phone', 'email'] as const;
export type PersonOption = (typeof personOptions)[number];

const otherWishes = ['list', 'carryOn', 'lift', 'giveUp'] as const;
type Wish = (typeof otherWishes)[number] | 'person';

/** `leadsync erase`: a person's data out of everything that is kept, and the person on the suppression list. */
export function registerErase(program: Command, cli: Cli): void {
  program
    .command('erase')
    .description("takes a person's data out of ledger, results and kept files for good, and keeps them out")
    .option('--nif <->', 'whose: by NIF, asked for or read from standard input')
    .option('--phone <->', 'by phone number; the one NIF beside it, or rows without a NIF')
    .option('--email <->', 'by e-mail address; the same')
    .option('--list', 'what was erased, how far it has come, and who is suppressed; with --nif - whose it was')
    .option('--lift <erasure>', 'the person may be sent again from now on; what was erased stays so')
    .option('--carry-on', 'goes on with what was broken off, or waits for this host')
    .option('--give-up <erasure>', 'files that can not be found are gone: ends the wait for them')
    .option('--dry-run', 'only show what would be erased')
    .option('--reason <text>', 'why; it is audited, so nothing personal')
    .option('--yes', 'do not ask')
    .option('--limit <n>', 'with --list: at most so many')
    .option('--json', 'as an object; with --list as an array')
    .addHelpText(
      'after',
      `
A NIF decides who somebody is. Rows that share a phone or an e-mail with it are
taken along if they have no NIF, and kept if they have another person's.
What has not been sent is cancelled. What is under way or in doubt is erased as
soon as it has ended. Outcome, leadId and audit events stay: no lead is created
twice. Rows of the person that come later are refused: ROW_SUPPRESSED.
Run it where inbox, outbox and archive are. It can not be undone.

Exit code: 1 while something is left to do, else 0.

Examples:
  leadsync erase --nif - --dry-run
  leadsync erase --nif - --reason "request 2026-118" < nif.txt --yes
  leadsync erase --list
  leadsync erase --lift 3 --reason "new consent, ticket 97"
`,
    )
    .action(async (options: EraseOptions) => {
      const wish = readWish(options);
      const reason =
        wish === 'list' || wish === 'carryOn' || options.dryRun === true ? null : requiredReason(options.reason);
      const limit = options.limit === undefined ? 20 : readCount('--limit', options.limit);
      const id = readErasure(options, wish);
      const { carryOnCommand, eraseCommand, giveUpCommand, liftCommand, listCommand } =
        await import('./erase-deeds.ts');
      const opened: OpenedLedger = await cli.openLedger();
      const deed = { cli, opened, options, by: personOptions.find((one) => options[one] !== undefined) ?? null };
      try {
        if (wish === 'list') return await listCommand(deed, limit);
        if (wish === 'carryOn') return await carryOnCommand(deed);
        const act = { actor: cli.actor, reason: reason ?? '' };
        if (wish === 'lift') return await liftCommand(deed, id, act);
        if (wish === 'giveUp') return await giveUpCommand(deed, id, act);
        await eraseCommand(deed, reason === null ? null : act);
      } finally {
        await opened.close();
      }
    });
}

function readWish(options: EraseOptions): Wish {
  for (const option of personOptions) mustBeAskedFor(`--${option}`, options[option]);
  const persons = personOptions.filter((option) => options[option] !== undefined);
  const wishes = otherWishes.filter((wish) => options[wish] !== undefined);
  const [wish = 'person'] = wishes;
  const wanted =
    wish === 'person' ? persons.length === 1 : wish === 'list' ? persons.length <= 1 : persons.length === 0;
  if (wanted && wishes.length <= 1) return wish;
  throw new UsageFault(
    `expected one of --nif -, --phone -, --email -, --list, --lift, --carry-on, --give-up; got ${persons.length + wishes.length === 0 ? 'none' : persons.length + wishes.length}`,
  );
}

function readErasure({ lift, giveUp }: EraseOptions, wish: Wish): string {
  if (wish === 'lift') return readId('--lift', lift ?? '');
  return wish === 'giveUp' ? readId('--give-up', giveUp ?? '') : '';
}
