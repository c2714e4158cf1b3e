import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { checkout } from '../checkout.ts';

/** `leadsync demo`: the main job on this repository's fixtures, everything embedded. */
export function registerDemo(program: Command, cli: Cli): void {
  program
    .command('demo')
    .description('the main job on example files: everything embedded, ends by itself')
    .addHelpText(
      'after',
      `
Keeps what it made in the home, below demo/. Run again, it creates nothing new.

Examples:
  leadsync demo
  LEADSYNC_HOME=$PWD/data/demo leadsync status
`,
    )
    .action(async () => {
      const { runDemo } = await import('../demo/demo.ts');
      await runDemo({ checkout, out: cli.out });
    });
}
