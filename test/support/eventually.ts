import { setTimeout as pause } from 'node:timers/promises';

/** Looks again until `look` answers something. For what tells nobody when it has happened: files, other processes. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  withinMs = 120_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms`);
    await pause(50);
  }
}
