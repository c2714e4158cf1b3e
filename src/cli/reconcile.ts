import { open, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ListingProposal, ListingTaken } from '../app/compare-listing.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { readInstant } from '../view/instant.ts';
import { requiredReason } from './required-reason.ts';
import { UsageFault } from './usage-fault.ts';

interface ReconcileOptions {
  readonly asOf: string;
  readonly complete?: boolean;
  readonly partner?: string;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `leadsync reconcile LISTING`: many doubts at once, by what the insurer has. */
export function registerReconcile(program: Command, cli: Cli): void {
  program
    .command('reconcile')
    .argument('<listing>', "a CSV of the insurer's leads, with leadId and partnerLeadId or requestId")
    .description('ends doubts by a listing of the insurer: shows first what would be done, then does it')
    .requiredOption(
      '--as-of <time>',
      'when the insurer took the listing, such as 2026-06-01T14:00+02:00, or how long ago (2h)',
    )
    .option('--complete', 'it holds everything that the insurer has: what is not in it was not created')
    .option('--partner <id>', 'look at the leads of this partner only')
    .option('--dry-run', 'only show what would be done')
    .option('--reason <text>', 'why; it is audited')
    .option('--yes', 'do not ask')
    .option('--json', 'the proposal and what was done, as one object')
    .addHelpText(
      'after',
      `
A lead in the listing gives its row the leadId. A lead that is not in it proves
nothing, unless the listing is --complete, lacks nothing of what the ledger
knows, and was taken after the last moment at which the request could have
arrived: only then is the row sent again. Everything else stays in doubt and
says why. Status updates are not touched: a listing shows the last estado and
not which were set.

Exit code: 1 when something stays in doubt or needs a look, else 0.

Examples:
  leadsync reconcile listing.csv --as-of 2026-06-01T14:00+02:00 --dry-run
  leadsync reconcile listing.csv --as-of 2h --complete --reason "ticket 8812"
`,
    )
    .action(async (path: string, options: ReconcileOptions) => {
      const reason = options.dryRun === true ? null : requiredReason(options.reason);
      const asOf = readAsOf(options.asOf);
      const found = await stat(path).catch(() => null);
      if (found === null || !found.isFile())
        throw new UsageFault(
          `LISTING: expected a file that can be read, found ${found === null ? 'nothing' : 'something else'} there`,
        );
      const opened = await cli.openLedger();
      try {
        if (options.partner !== undefined && opened.partners.get(options.partner) === null)
          throw new UsageFault(
            `--partner: expected one of ${opened.partners
              .list()
              .map(({ id }) => id)
              .join(', ')}; got "${options.partner}"`,
          );
        const taken = {
          asOf,
          isComplete: options.complete === true,
          partner: options.partner ?? null,
          endsOpen: await endsOpen(path, found.size),
        };
        const proposal = await compare(cli, opened, path, taken);
        const { formatProposal } = await import('./reconcile-text.ts');
        const { proposalJson } = await import('../view/listing-json.ts');
        if (options.json !== true && taken.endsOpen)
          cli.out.print(
            'The last line has no line break, so it may be cut off and is not read. If it is whole, end it with one.',
          );
        if (options.json !== true) cli.out.print(formatProposal(proposal, options.complete === true, cli.out.width));
        const count = proposal.registered.length + proposal.notCreated.length;
        const needsALook = proposal.stays.length + proposal.secondLeads.length > 0;
        const acts = count + proposal.secondLeads.length > 0;
        if (reason === null || !acts || !(await isWanted(cli, count, options))) {
          if (options.json === true)
            cli.out.print(JSON.stringify({ proposal: proposalJson(proposal), report: null }, null, 2));
          if (reason !== null && acts) cli.out.note('nothing was done');
          return cli.end(needsALook || count > 0 ? 1 : 0);
        }
        const report = await carryOut(cli, opened, proposal, { reason, asOf });
        if (options.json === true) cli.out.print(JSON.stringify({ proposal: proposalJson(proposal), report }, null, 2));
        else
          cli.out.print(
            `${report.registered} registered · ${report.sentBack} back to work · ${report.passedOver} had moved on or must wait · ${report.leadIdTaken} whose leadId another row has`,
          );
        cli.end(needsALook || report.passedOver + report.leadIdTaken > 0 ? 1 : 0);
      } finally {
        await opened.close();
      }
    });
}

/** Without a zone nobody knows when it was; the ledger says whether it lies ahead. */
function readAsOf(text: string): Date {
  const isAgo = /^\d+[smhd]$/.test(text);
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) && text.length > 10;
  const read = isAgo || hasZone ? readInstant(text, { now: new Date(), timeZone: 'UTC' }) : null;
  if (read !== null) return read;
  throw new UsageFault(
    `--as-of: expected a time with its zone, such as 2026-06-01T14:00+02:00, or how long ago, such as 2h; got "${text}"`,
  );
}

/** UTF-16 has a zero before or behind its line feed. */
async function endsOpen(path: string, size: number): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, Math.max(0, size - 2));
  return !/[\n\r]\0?$/.test(buffer.subarray(0, bytesRead).toString('latin1'));
}

async function compare(cli: Cli, opened: OpenedLedger, path: string, taken: ListingTaken): Promise<ListingProposal> {
  const { compareListing } = await import('../app/compare-listing.ts');
  const compared = await compareListing(opened, path, taken, (lines) => {
    if (lines % 50_000 === 0 && lines > 0) cli.out.note(`reconcile: ${lines} lines read`);
  });
  switch (compared.kind) {
    case 'compared':
      return compared.proposal;
    case 'in_the_future':
      throw new UsageFault(
        `--as-of: expected a time that is past; it is ${compared.now.toISOString()} by the ledger's clock`,
      );
    case 'no_listing':
      throw new UsageFault(
        `LISTING: expected the columns leadId and partnerLeadId or requestId; found ${compared.header.length} others`,
      );
    case 'unreadable': {
      const { partnerText } = await import('../domain/faults.ts');
      throw new UsageFault(`LISTING: ${compared.fault}: ${partnerText(compared.fault, 'en', compared.detail)}`);
    }
  }
}

async function carryOut(
  cli: Cli,
  opened: OpenedLedger,
  proposal: ListingProposal,
  by: { readonly reason: string; readonly asOf: Date },
) {
  const [{ reconcile }, { createProgress }] = await Promise.all([
    import('../app/reconcile.ts'),
    import('./progress.ts'),
  ]);
  const count = proposal.registered.length + proposal.notCreated.length;
  const progress = createProgress(cli.out, 'reconcile');
  const ports = { ...opened, auditLog: opened.auditTrail.log, clock: { newId: () => crypto.randomUUID() } };
  const report = await reconcile(ports, proposal, { actor: cli.actor, ...by }, (done) => progress.show(done, count));
  progress.stop();
  return report;
}

/** A script has decided by its reason; a person is asked. */
async function isWanted(cli: Cli, count: number, options: ReconcileOptions): Promise<boolean> {
  if (options.yes === true || !cli.out.isTerminal) return true;
  return /^y(?:es)?$/i.test(await cli.out.ask(`Do this to ${count} ${count === 1 ? 'row' : 'rows'}? [y/N]`));
}
