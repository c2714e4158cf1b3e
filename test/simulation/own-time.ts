import type { World } from './world.ts';

/**
 * Libraries that wait and draw by themselves (p-retry) do so in the world's time and by its seed while `play` runs: a
 * timer belongs to the process whose code sets it, and is lost or frozen with it.
 */
export async function inOwnTime<T>(world: World, play: () => Promise<T>): Promise<T> {
  const real = { setTimeout, clearTimeout, random: Math.random, monotonic: performance.now };
  const ended = new Set<number>();
  let timers = 0;
  globalThis.setTimeout = ((act: (...args: unknown[]) => void, delayMs = 0, ...rest: unknown[]) => {
    const process = world.running();
    // Not ours: the test runner's.
    if (process === null) return real.setTimeout(act, delayMs, ...rest);
    const id = (timers += 1);
    world.laterIn(process, delayMs, () => {
      if (!ended.has(id)) act();
    });
    return id;
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((timer: unknown) => {
    if (typeof timer === 'number') ended.add(timer);
    else real.clearTimeout(timer as NodeJS.Timeout);
  }) as typeof clearTimeout;
  Math.random = () => (world.running() === null ? real.random() : world.random.next());
  performance.now = () => (world.running() === null ? real.monotonic.call(performance) : world.now());
  try {
    return await play();
  } finally {
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Math.random = real.random;
    performance.now = real.monotonic;
  }
}
