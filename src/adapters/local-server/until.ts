import { setTimeout as delay } from 'node:timers/promises';

/** Asks `check` every 20 ms until it says yes (true) or `timeoutMs` is over (false). It is asked at least once. */
export async function until(check: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}
