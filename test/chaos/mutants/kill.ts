import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { aCell, type CellName } from '../cells.ts';
import { play } from '../play.ts';
import { copyWithout } from './copy.ts';
import type { Mutant } from './mutant.ts';

const longestMs = 280_000;

/** What the witness said about a checkout without the safeguard; null when it noticed nothing. */
export async function kill(mutant: Mutant, checkout: string, folder: string): Promise<string | null> {
  const copy = join(folder, 'copy');
  await copyWithout(checkout, copy, mutant);
  const { witness } = mutant;
  if (witness.kind === 'chaos') {
    for (let seed = 1; seed <= witness.seeds; seed += 1) {
      const cell = aCell(witness.cell as CellName, seed, { rows: witness.rows, seconds: 8 });
      const { wrong } = await play(cell, { folder: join(folder, 'world'), checkout: copy });
      const [first] = wrong;
      if (first !== undefined) return `seed ${seed}: ${first.rule}: ${first.detail}`;
    }
    return null;
  }
  const command =
    witness.kind === 'simulation'
      ? ['test/simulation/run.ts', '--seeds', String(witness.seeds)]
      : ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...witness.files];
  const sign = witness.kind === 'simulation' ? /^seed \d+: .*/m : /^.*FAIL.*|^.*AssertionError.*/m;
  const { code, output } = await run(command, copy);
  // A witness that can't even start has seen nothing.
  return code === 0 ? null : (sign.exec(output)?.[0] ?? null);
}

async function run(args: readonly string[], cwd: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: longestMs });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output };
}
