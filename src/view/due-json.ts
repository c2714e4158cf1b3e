import type { PartnerDue } from '../app/read-expected.ts';

/** What was expected of a partner and what came, for scripts: names are promises. */
export function dueJson({ expectation, date, by, state, arrivals, refused }: PartnerDue) {
  return {
    kind: expectation.kind,
    files: expectation.files,
    date,
    by,
    state,
    arrived: arrivals.map(({ fileId, arrivedAt }) => ({ fileId, arrivedAt })),
    refused: refused.map(({ fileId }) => fileId),
  };
}
