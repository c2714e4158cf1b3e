import { fileJson } from './file-json.ts';
import { needsJson } from './needs-json.ts';
import type { Stock } from './take-stock.ts';

/** How things stand, for scripts: `leadsync status --json`, and the same from the console. Names are promises. */
export function statusJson<Surroundings>(stock: Stock, surroundings: Surroundings) {
  const rows: Record<'lead' | 'update', Record<string, number>> = { lead: {}, update: {} };
  for (const { kind, state, n } of stock.counts) if (n > 0) rows[kind][state] = (rows[kind][state] ?? 0) + n;
  return {
    surroundings,
    files: stock.files.map(fileJson),
    rows,
    partners: stock.counts.filter((count) => count.n > 0),
    halts: stock.halts.map(({ endpoint, code, since }) => ({ endpoint, code, since })),
    pauses: stock.pauses,
    rollCall: stock.rollCall,
    breaker: stock.breaker,
    inboxes: stock.inboxes,
    filesUntaken: stock.untaken,
    needsPerson: needsJson(stock.needsPerson),
    serviceNeeded: stock.isIdle,
  };
}
