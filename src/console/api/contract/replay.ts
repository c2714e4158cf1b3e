import { z } from 'zod';
import { named } from './schemas.ts';
import { count, faultCode, ledgerId, moment, rowKind, rowState } from './values.ts';

const replayShape = {
  id: ledgerId,
  state: z.enum(['running', 'finished', 'aborted']),
  actor: z.string(),
  reason: z.string(),
  filter: z.record(z.string(), z.union([z.string(), z.number()])),
  rate: count,
  startedAt: moment,
  endedAt: moment.nullable(),
  rows: count,
  replayed: count,
  movedOn: count,
  heldByAnother: count,
  replaced: count,
  left: count,
};

/** As `leadsync replay --list --json`. */
export const replay = named('Replay', z.object(replayShape));
export const replays = named('Replays', z.object({ replays: z.array(replay) }));

const stayedRow = z.object({
  rowId: ledgerId,
  why: z.enum(['moved_on', 'held_by_another']),
  holder: ledgerId.nullable(),
  state: rowState,
  code: faultCode.nullable(),
});

export const replayLife = named(
  'ReplayLife',
  z.object({
    ...replayShape,
    stayed: z.array(stayedRow).meta({ description: 'The first 50 rows that were not taken back to work.' }),
    serviceNeeded: z.boolean(),
  }),
);

const replayGroup = named(
  'ReplayGroup',
  z.object({
    class: z.enum(['safe', 'in_doubt', 'needs_corrected_file', 'not_replayable']),
    partner: z.string(),
    kind: rowKind,
    state: rowState,
    code: faultCode.nullable(),
    n: count,
  }),
);

/** As `leadsync replay --json`. */
export const replayPreview = named(
  'ReplayPreview',
  z.object({
    replay: z.null(),
    groups: z.array(replayGroup),
    seen: z.string().meta({ description: 'To be sent along to begin it: other rows would be refused.' }),
  }),
);
export const replayBegun = named('ReplayBegun', z.object({ replay, groups: z.array(replayGroup) }));
