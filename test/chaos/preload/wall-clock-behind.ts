import { shiftWallClock } from './shift-wall-clock.ts';

shiftWallClock(-60_000);
