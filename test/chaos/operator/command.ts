import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { reapWithUs } from '../world/child.ts';
import type { World } from '../world/world.ts';

/** The exit code of a command of leadsync's; null when it took too long. */
export type Command = (...args: readonly string[]) => Promise<number | null>;

const longestMs = 30_000;

/**
 * A person's shell on a host that nothing ails: what they type reaches the database by the straight way. `typed`: what its
 * commands read from standard input.
 */
export function openShell(world: World, checkout: string, typed: string | null = null): Command {
  const env = { PATH: process.env['PATH'] ?? '', ...world.env, DATABASE_URL: world.postgres.serviceUrl() };
  return async (...args) => {
    const child = spawn(process.execPath, [join(checkout, 'src', 'main', 'cli.ts'), ...args], {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: longestMs,
    });
    reapWithUs(child);
    // One that ends without reading has no use for it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(typed ?? '');
    await once(child, 'close');
    return child.exitCode;
  };
}
