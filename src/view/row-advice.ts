import type { LedgerRow } from '../app/ports/row.ts';

/** One way on from where a row stands. */
export interface Advice {
  readonly when: string;
  readonly command: string;
}

/** What a person can do about a row, in the order in which to think of it. Empty: nothing is needed. */
export function rowAdvice(row: Pick<LedgerRow, 'id' | 'kind' | 'state' | 'version'>): readonly Advice[] {
  const resolve = (verdict: string): string => `leadsync resolve ${row.id} ${verdict} --reason "…"`;
  const replay = `leadsync replay --row ${row.id} --reason "…"`;
  if (row.state === 'in_doubt') {
    return row.kind === 'lead'
      ? [
          { when: 'the insurer has the lead', command: resolve('--lead-id ID') },
          { when: 'it has the lead and cannot name its leadId', command: resolve('--no-id') },
          { when: 'it does not have the lead', command: resolve('--send-again') },
          { when: 'nobody can tell; give it up', command: resolve('--abandon') },
        ]
      : [
          { when: 'the insurer has the new estado', command: resolve('--pushed') },
          { when: 'it does not have it', command: resolve('--send-again') },
          { when: 'it is no longer wanted', command: resolve('--cancel') },
        ];
  }
  if (row.state === 'registered_without_id') {
    return [{ when: 'the leadId turns up', command: resolve('--lead-id ID') }];
  }
  if (row.state === 'failed') return [{ when: 'the cause is mended', command: replay }];
  // At version 0 the row was rejected by what it says itself: only a corrected file changes that.
  if (row.state === 'rejected' && row.version > 0) return [{ when: 'data or config are mended', command: replay }];
  return [];
}
