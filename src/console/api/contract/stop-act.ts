import { z } from 'zod';
import { named } from './schemas.ts';
import { halt, pause } from './stops.ts';

/** What stops calls, after an act. */
export const stopped = named('Stopped', z.object({ pauses: z.array(pause), halts: z.array(halt) }));
