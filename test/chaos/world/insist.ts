import { setTimeout as pause } from 'node:timers/promises';

/** Tries again until it works, for so long; then with the last error. */
export async function insist<T>(act: () => Promise<T>, withinMs: number): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(100);
    }
  }
}
