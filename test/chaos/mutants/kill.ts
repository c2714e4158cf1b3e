import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { aCell, type CellName } from '../cells.ts';
import { play } from '../play.ts';
import { reapWithUs } from '../world/child.ts';
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
  const { code, output } = await run(command, copy, witness.kind === 'simulation' ? sign : null);
  // A witness that can't even start has seen nothing.
  return code === 0 ? null : (sign.exec(output)?.[0] ?? null);
}

/** To its end, or until `enough` was said: tests have servers of their own to stop, so they are not cut short. */
async function run(
  args: readonly string[],
  cwd: string,
  enough: RegExp | null,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  });
  reapWithUs(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (enough?.test(output) === true) child.kill();
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}
