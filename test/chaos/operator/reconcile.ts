import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../../simulation/random.ts';
import type { Cell } from '../cell.ts';
import type { World } from '../world/world.ts';
import type { Command } from './command.ts';
import { makeListing } from './listing.ts';

/** Believes a listing as far as leadsync does: it is said to be complete, whatever it is. */
export async function reconcileWithListing(world: World, cell: Cell, random: Random, run: Command): Promise<void> {
  const { text, asOf } = makeListing(world.api.truth(), { operator: cell.operator, random, nowMs: Date.now() });
  const path = join(world.folder, 'listing.csv');
  await writeFile(path, text);
  await run('reconcile', path, '--as-of', asOf.toISOString(), '--complete', '--reason', 'the listing', '--yes');
}
