import type { Command } from 'commander';
import type { Verdict } from '../app/resolve-in-doubt.ts';
import type { Cli } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { readId } from './typed-number.ts';
import { UsageFault } from './usage-fault.ts';

interface ResolveOptions {
  readonly leadId?: string;
  readonly sendAgain?: boolean;
  /** Commander's way: `--no-id` makes `id` false, and it is true without. */
  readonly id: boolean;
  readonly abandon?: boolean;
  readonly pushed?: boolean;
  readonly cancel?: boolean;
  readonly reason?: string;
}

/** `leadsync resolve ROW`: ends one doubt by a person's verdict. */
export function registerResolve(program: Command, cli: Cli): void {
  program
    .command('resolve')
    .description('ends the doubt about one row: what a person has found out at the insurer')
    .argument('<row>', 'row id, as `leadsync in-doubt` shows it')
    .option('--lead-id <id>', 'a lead: it exists and this is its leadId')
    .option('--no-id', 'a lead: it exists and its leadId is not known yet')
    .option('--abandon', 'a lead: nobody can tell; never sent again')
    .option('--pushed', 'a status update: the insurer has it')
    .option('--cancel', 'a status update: no longer wanted')
    .option('--send-again', 'it did not arrive; only when nothing of the first request can arrive any more')
    .option('--reason <text>', 'why; it is audited')
    .addHelpText(
      'after',
      `
Exit code: 1 when the row stays in doubt, else 0.

Examples:
  leadsync resolve 17 --lead-id 10000042 --reason "ticket 8812"
  leadsync resolve 17 --send-again --reason "not in the listing of 14:00"
`,
    )
    .action(async (rowText: string, options: ResolveOptions) => {
      const rowId = readId('ROW', rowText);
      const verdict = readVerdict(options);
      const reason = requiredReason(options.reason);
      const { resolveInDoubt } = await import('../app/resolve-in-doubt.ts');
      const { endOfResolve } = await import('./resolve-words.ts');
      const opened = await cli.openLedger();
      try {
        const row = await opened.ledger.row(rowId);
        if (row === null)
          throw new UsageFault(`ROW: expected the id of a row (\`leadsync in-doubt\` lists them); got "${rowId}"`);
        const resolved = await resolveInDoubt(opened, row, verdict, { actor: cli.actor, reason });
        const { code, says } = endOfResolve(row, resolved);
        if (code !== 0) return cli.end(code, says);
        cli.out.print(says);
      } finally {
        await opened.close();
      }
    });
}

function readVerdict(options: ResolveOptions): Verdict {
  const { leadId } = options;
  const given: Verdict[] = [
    ...(leadId === undefined ? [] : [{ kind: 'lead_id', leadId: readLeadId(leadId) } as const]),
    ...(options.sendAgain === true ? [{ kind: 'send_again' } as const] : []),
    ...(options.id ? [] : [{ kind: 'no_id' } as const]),
    ...(options.abandon === true ? [{ kind: 'abandon' } as const] : []),
    ...(options.pushed === true ? [{ kind: 'pushed' } as const] : []),
    ...(options.cancel === true ? [{ kind: 'cancel' } as const] : []),
  ];
  const [verdict] = given;
  if (verdict !== undefined && given.length === 1) return verdict;
  const all = '--lead-id ID, --send-again, --no-id, --abandon, --pushed, --cancel';
  throw new UsageFault(`expected one of ${all}; got ${given.length === 0 ? 'none' : given.length}`);
}

function readLeadId(text: string): string {
  if (/^\S{1,100}$/.test(text)) return text;
  throw new UsageFault(`--lead-id: expected the leadId as the insurer writes it, without spaces; got "${text}"`);
}
