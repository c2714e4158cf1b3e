import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { requiredReason } from '../../cli/required-reason.ts';
import { checkout } from '../checkout.ts';

/** `leadsync key rotate`: the key table under another secret. */
export function registerKey(program: Command, cli: Cli): void {
  program
    .command('key')
    .description('the keys of what is sealed')
    .addHelpText('after', '\nExamples:\n  leadsync help key rotate\n')
    .command('rotate')
    .description('wraps the key table by a new LEADSYNC_SECRET_KEY; nothing that is sealed is written anew')
    .option('--reason <text>', 'why; it is audited')
    .option('--json', 'what was done, as an object')
    .addHelpText(
      'after',
      `
LEADSYNC_SECRET_KEY is the new key (openssl rand -base64 32),
LEADSYNC_SECRET_KEY_OLD the one before, each also as *_FILE. Where the key is
kept in LEADSYNC_HOME a new one is made there, in the place of secret.key: copy
that before, if you have to keep it. All keys or none: it may be repeated.
Services that run notice within ten seconds, take in no further file and are
named in \`leadsync status\` (CONFIG_KEY_ROTATED); the rows that they have go on.
Start them again with the new key.
A backup opens with the key it was made under: keep the old one for as long as
one is needed, and destroy it then.

Examples:
  LEADSYNC_SECRET_KEY_OLD_FILE=old.key leadsync key rotate --reason "yearly"
`,
    )
    .action(async (options: { readonly reason?: string; readonly json?: boolean }) => {
      const act = { actor: cli.actor, reason: requiredReason(options.reason) };
      const [{ readProcessEnvironment }, { rotateSecret }] = await Promise.all([
        import('../../config/environment.ts'),
        import('../rotate-secret.ts'),
      ]);
      const { kind, keys } = await rotateSecret(readProcessEnvironment({ checkout }), act);
      const says = {
        rotated: `${keys} keys are wrapped by the new LEADSYNC_SECRET_KEY; give it to every host and start its services again`,
        done_before: `the ${keys} keys were wrapped by this LEADSYNC_SECRET_KEY already`,
      }[kind];
      cli.out.print(options.json === true ? JSON.stringify({ rotated: kind === 'rotated', keys }, null, 2) : says);
    });
}
