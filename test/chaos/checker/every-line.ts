import { bySha, type Check, type Wrong } from './evidence.ts';

/** Each line below a header is one row of the ledger, rejected ones as well, and stands once in the file's result. */
export const everyLine: Check = (evidence) => {
  const wrong: Wrong[] = [];
  const say = (detail: string): void => void wrong.push({ rule: 'every line', detail });
  const rows = Map.groupBy(evidence.rows, ({ sha256 }) => sha256 ?? '');
  for (const [sha256, file] of bySha(evidence)) {
    const lines = new Set((rows.get(sha256) ?? []).map(({ line }) => line));
    const have = rows.get(sha256)?.length ?? 0;
    if (have !== file.lines.length || lines.size !== have)
      say(`${file.name}: ${file.lines.length} lines, ${have} rows of ${lines.size} lines`);
    const results = evidence.results.get(sha256);
    if (results === undefined) {
      if (evidence.withoutResults.has(sha256)) continue;
      say(`${file.name}: no result file`);
      continue;
    }
    const told = new Set(results.map(({ row }) => row));
    if (results.length !== file.lines.length || told.size !== results.length)
      say(`${file.name}: ${results.length} results of ${told.size} rows`);
  }
  return wrong;
};
