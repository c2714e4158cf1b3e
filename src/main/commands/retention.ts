import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { requiredReason } from '../../cli/required-reason.ts';
import { registerRetention } from '../../cli/retention.ts';
import { readId } from '../../cli/typed-number.ts';
import { checkout } from '../checkout.ts';

/** `leadsync retention`, with `open`: that goes by the owner of the schema, so it is composed here. */
export function registerRetentionWithOpen(program: Command, cli: Cli): void {
  registerRetention(program, cli)
    .command('open')
    .description('the blocked values of one row, for a court or an authority; needs DATABASE_ADMIN_URL; audited')
    .argument('<row>', 'id of the row')
    .option('--reason <text>', 'on whose demand; it is audited')
    .addHelpText('after', '\nExamples:\n  leadsync retention open 1042 --reason "court of Madrid, 2026/118"\n')
    .action(async (text: string, options: { readonly reason?: string }) => {
      const rowId = readId('ROW', text);
      const act = { actor: cli.actor, reason: requiredReason(options.reason) };
      const [{ readProcessEnvironment }, { openBlocked }] = await Promise.all([
        import('../../config/environment.ts'),
        import('../open-blocked.ts'),
      ]);
      const values = await openBlocked(readProcessEnvironment({ checkout }), rowId, act);
      if (values === null) return cli.end(2, `ROW: expected a row whose values are blocked, got ${rowId}`);
      cli.out.print(JSON.stringify(values, null, 2));
    });
}
