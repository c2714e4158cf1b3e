import type { ErasureView } from '../app/ports/erasure-ledger.ts';
import { sayRows } from './say-rows.ts';

/** What an erasure waits for. */
export function sayLeft({ left }: Pick<ErasureView, 'left'>): string {
  const parts = [
    left.inDoubt > 0 ? `${sayRows(left.inDoubt)} in doubt (\`leadsync in-doubt\`)` : null,
    left.underWay > 0 ? `${sayRows(left.underWay)} under way` : null,
    left.rows > 0 ? `${sayRows(left.rows)} to be erased` : null,
    left.files > 0 ? `${left.files} ${left.files === 1 ? 'file' : 'files'} to be rewritten` : null,
    left.isSearched ? null : 'kept files to be searched',
  ];
  return parts.filter((part) => part !== null).join(' · ') || 'nothing is left';
}
