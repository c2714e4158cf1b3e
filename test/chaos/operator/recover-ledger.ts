import type { World } from '../world/world.ts';
import type { Command } from './command.ts';

/** As the docs say it: on every host what its spool knows, then work goes on. True: it does. */
export async function recoverLedger({ spools }: World, run: Command): Promise<boolean> {
  for (const spool of spools) {
    if ((await run('recover', '--spool', spool, '--reason', 'restored from the backup')) !== 0) return false;
  }
  return (await run('resume', '--reason', 'recovered on all hosts')) === 0;
}
