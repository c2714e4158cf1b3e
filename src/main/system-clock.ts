import { randomUUID } from 'node:crypto';
import type { Clock } from '../app/ports.ts';

/** This machine's clocks. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  random: () => Math.random(),
  newId: () => randomUUID(),
};
