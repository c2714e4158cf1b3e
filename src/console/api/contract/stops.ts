import { z } from 'zod';
import { breakerStates } from '../../../domain/outage-breaker.ts';
import { named } from './schemas.ts';
import { count, faultCode, moment } from './values.ts';

const standing = {
  state: z.enum(breakerStates),
  since: moment.nullable(),
  cause: z.string().nullable(),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
  nextProbeAt: moment.nullable(),
  probesFailed: count,
  ratePerSecond: z.number().nullable(),
  isClimbing: z.boolean(),
};

export const breakerStanding = named('BreakerStanding', z.object(standing));
/** As `leadsync breaker --json`. */
export const breaker = named('Breaker', z.object({ account: z.string(), ...standing }));

export const halt = named('Halt', z.object({ endpoint: z.string(), code: faultCode, since: moment }));

export const pause = named(
  'Pause',
  z.object({ partner: z.string().nullable(), since: moment, actor: z.string(), reason: z.string() }),
  'Without a partner: everything.',
);

export const rollCall = named(
  'RollCall',
  z.object({ since: moment.nullable(), until: moment.nullable(), hosts: z.array(z.string()) }),
  'The ledger has begun anew, and these hosts have not compared with it yet what they have sent. Calls are held.',
);
