import type { Mutant } from './mutant.ts';

/** A request is noted in the spool only when it is under way: one whose sender is killed is known to nobody. */
export const withoutRequestNotedFirst: Mutant = {
  name: 'the note before the request',
  path: 'src/app/spooled.ts',
  before: 'ports.spool.noteRequest({ attemptId, rowId, fence, step, partner, identity, content });',
  after: `setTimeout(
      () => ports.spool.noteRequest({ attemptId, rowId, fence, step, partner, identity, content }),
      200,
    );`,
  witness: { kind: 'chaos', cell: 'everything, redis', seeds: 3, rows: 300 },
};
