import { expect, it } from 'vitest';
import { watchSpool } from '../../src/main/watch-spool.ts';

it('compares the spool at once, and again long before its next look where the ledger has begun anew', async () => {
  let era = 'one';
  let answered: string | null = null;
  let hasAnswered = (): void => undefined;
  const ports = {
    clock: { monotonicMs: () => performance.now() },
    instance: 'north-1',
    announced: { speakFor: () => undefined, witness: () => undefined },
    gap: { missing: async () => [] },
    rollCall: {
      era: async () => era,
      isAnswered: async () => answered === era,
      answer: async (compared: string) => {
        answered = compared;
        hasAnswered();
      },
    },
    spool: { id: 'a spool', newestCreates: async () => [], otherInstances: async () => [] },
    hasEnded: () => false,
  } as unknown as Parameters<typeof watchSpool>[0];
  const watching = await watchSpool(ports, 'north', (error) => {
    throw error;
  });
  expect(answered).toBe('one');
  const again = new Promise<void>((resolve) => (hasAnswered = resolve));
  const begunAnew = performance.now();
  era = 'two';
  await again;
  await watching.stop();
  expect(answered).toBe('two');
  expect(performance.now() - begunAnew).toBeLessThan(3_000);
});
