import type { Command } from 'commander';
import type { Cli, OpenedLedger } from './cli.ts';
import type { RetirePorts } from '../app/retire-rows.ts';
import { requiredReason } from './required-reason.ts';
import type { RetentionPreview } from './retention-text.ts';

interface RetentionOptions {
  readonly withoutConfig?: boolean;
  readonly json?: boolean;
}

/** `leadsync retention`: what is past its time, and taking it now. */
export function registerRetention(program: Command, cli: Cli): Command {
  const retention = program
    .command('retention')
    .description('what is past its time by the partner configs; nothing is done')
    .option('--without-config', 'partners without a config count by the usual times')
    .option('--json', 'as an object')
    .addHelpText(
      'after',
      `
A running service takes what is past its time by itself. Identity, outcome,
leadId, times and audit log stay; what is at work or in doubt is never touched.
A key that nothing is sealed with any more is destroyed. Older backups open with
it until LEADSYNC_SECRET_KEY is rotated and the old one is gone.

Examples:
  leadsync retention
  leadsync retention run --reason "quarterly review"
`,
    )
    .action(async (options: RetentionOptions) => {
      const opened = await cli.openLedger();
      try {
        await previewCommand(cli, opened, options);
      } finally {
        await opened.close();
      }
    });
  retention
    .command('run')
    .description('takes it now, as the service does; run it where archive and outbox are')
    .option('--without-config', 'also of partners without a config, by the usual times')
    .option('--reason <text>', 'why; it is audited')
    .option('--json', 'what was done, as an object')
    .addHelpText('after', '\nExamples:\n  leadsync retention run --reason "quarterly review"\n')
    .action(async (options: RetentionOptions & { readonly reason?: string }, command: Command) => {
      const act = { actor: cli.actor, reason: requiredReason(options.reason) };
      const opened = await cli.openLedger();
      try {
        await runCommand(cli, opened, act, { ...command.parent?.opts(), ...options });
      } finally {
        await opened.close();
      }
    });
  return retention;
}

async function previewCommand(cli: Cli, opened: OpenedLedger, options: RetentionOptions): Promise<void> {
  const ports = { ...opened, withoutConfig: options.withoutConfig === true };
  const [{ countFilesPast }, { retentionOf }] = await Promise.all([
    import('../app/retire-files.ts'),
    import('../app/retire-rows.ts'),
  ]);
  const progress = await lookingThrough(cli, ports);
  const rows: { partner: string; state: string; rows: number }[] = [];
  const keys: { partner: string; month: string }[] = [];
  const kept: string[] = [];
  for (const partner of await opened.retention.partners()) {
    const rules = retentionOf(ports, partner);
    if (rules === null) {
      kept.push(partner);
      continue;
    }
    const past = await opened.retention.rowsPast(partner, rules, (looked) => progress.add(looked));
    rows.push(...past.map((one) => ({ partner, ...one })));
    keys.push(...(await opened.retention.keysPast(partner, rules)));
  }
  progress.stop();
  const { bytes, results } = await countFilesPast(ports);
  const { blocked, past } = await opened.retention.blockedPast();
  const notValid = kept.filter((partner) => opened.partners.isBroken(partner));
  const preview: RetentionPreview = { rows, blocked, blockedPast: past, files: bytes, results, keys, kept, notValid };
  if (options.json === true) return cli.out.print(JSON.stringify(preview, null, 2));
  const { formatPreview } = await import('./retention-text.ts');
  cli.out.print(formatPreview(preview, cli.out.width));
}

async function runCommand(
  cli: Cli,
  opened: OpenedLedger,
  act: { readonly actor: string; readonly reason: string },
  options: RetentionOptions,
): Promise<void> {
  const ports = { ...opened, withoutConfig: options.withoutConfig === true };
  const [{ retireFiles }, { retireRows }] = await Promise.all([
    import('../app/retire-files.ts'),
    import('../app/retire-rows.ts'),
  ]);
  await opened.retention.noteRun(act);
  // Files first: while one is kept, its month's key is.
  const { bytes, results, failed } = await retireFiles(ports, act.actor);
  const progress = await lookingThrough(cli, ports);
  const { rows, keys } = await retireRows(ports, act.actor, {
    goesOn: () => true,
    done: (looked) => progress.add(looked),
  });
  progress.stop();
  const done = { rows, files: bytes, results, keys, notRemoved: failed.length };
  cli.out.print(
    options.json === true
      ? JSON.stringify(done, null, 2)
      : `taken: values of ${rows} rows, ${bytes} kept files, ${results} files in the outbox, ${keys} keys`,
  );
  if (failed.length > 0)
    cli.end(
      1,
      `files that could not be removed: ${failed.length} (${[...new Set(failed)].join(', ')}); see to the rights in archive, rejected and outbox, then run it again`,
    );
}

/** How far it has come among the rows that have to be looked at. */
async function lookingThrough(cli: Cli, ports: RetirePorts) {
  const [{ createProgress }, { retentionOf }] = await Promise.all([
    import('./progress.ts'),
    import('../app/retire-rows.ts'),
  ]);
  let total = 0;
  for (const partner of await ports.retention.partners()) {
    const rules = retentionOf(ports, partner);
    if (rules !== null) total += await ports.retention.rowsToLookAt(partner, rules);
  }
  const progress = createProgress(cli.out, 'looking through');
  let done = 0;
  return {
    add(rows: number) {
      done += rows;
      progress.show(done, Math.max(done, total));
    },
    stop: () => progress.stop(),
  };
}
