import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Which tests show that hostile input does no harm, by what somebody might try. docs/threat-model.md refers to this list.
 * A line is a file below test/ and what its test says of itself.
 */
const shownBy: Readonly<Record<string, readonly (readonly [file: string, says: string])[]>> = {
  'formula injection into results, listings and what the insurer is asked': [
    ['domain/csv-line.test.ts', 'apart from the apostrophe of a formula'],
    ['e2e/hostile.test.ts', 'writes no cell into the result that a spreadsheet would run'],
    ['sandbox/ficha-gestion/spreadsheet-cell.test.ts', 'none begins a formula'],
  ],
  'path tricks in names of files, of partners and in values': [
    ['adapters/files/claim.test.ts', "'../x.csv'"],
    ['e2e/hostile.test.ts', 'a file with a name that means something to somebody else'],
    ['e2e/hostile.test.ts', 'no partner is called'],
    ['adapters/leads-api/hostile.test.ts', 'stays in the place that it was put into'],
  ],
  'links, pipes and devices in an inbox': [
    ['adapters/files/arrival.test.ts', "symlink('/dev/zero'"],
    ['adapters/files/kept-files.test.ts', 'What a partner makes itself leads nowhere, or in circles'],
  ],
  'archives and decompression bombs': [
    ['domain/foreign-format.test.ts', "'ZIP'"],
    ['domain/foreign-format.test.ts', "'GZIP'"],
    ['app/intake.test.ts', 'leads.zip'],
    ['adapters/leads-api/hostile.test.ts', 'would unpack to hundreds of megabytes is not unpacked'],
    ['adapters/leads-api/endings/by-body.ts', 'gzip that grows beyond any answer'],
  ],
  'quote bombs and files that no reader gets to the end of': [
    ['adapters/csv/long-cells.test.ts', 'megabytes of lines in quotes'],
    ['adapters/csv/damaged-records.test.ts', 'a quote that is never closed'],
    ['adapters/csv/unreadable-files.test.ts', 'a header with an open quote'],
    ['fuzz/fuzz-reader.test.ts', 'reads three thousand damaged files without losing a byte of them'],
  ],
  'over-long cells, rows, names, headers and settings': [
    ['adapters/csv/long-cells.test.ts', 'ROW_TOO_LONG'],
    ['adapters/files/put-away.test.ts', 'shortens a name that is too long'],
    ['e2e/hostile.test.ts', "'x'.repeat(2_000_000)"],
    ['adapters/leads-api/endings/before-writing.ts', 'a head without end'],
    ['console/pages.test.ts', '/files/999999999999999999999'],
  ],
  'header and request injection through values and settings': [
    ['adapters/leads-api/hostile.test.ts', 'X-Evil'],
    ['config/environment.test.ts', 'geheim\\nX-Other: 1'],
  ],
  'SQL metacharacters': [
    ['e2e/hostile.test.ts', 'drop table ledger_row'],
    ['console/pages.test.ts', '/files/1%00'],
  ],
  'names that every object has: __proto__, constructor': [
    ['adapters/leads-api/hostile.test.ts', 'names that mean something to JavaScript'],
    ['e2e/hostile.test.ts', 'Words that every object has are no codes and no consent'],
  ],
  'HTML and scripts on the pages, control characters on a terminal': [
    ['e2e/hostile.test.ts', 'shows nothing on the pages but as text'],
    ['console/door.test.ts', 'runs nothing that stands in it'],
    ['cli/table.test.ts', 'shows line breaks and escape sequences of a cell as spaces'],
  ],
  'answers of the API that are huge, endless, slow or nested without end': [
    ['adapters/leads-api/hostile.test.ts', 'is cut off, in memory that does not grow with it'],
    ['adapters/leads-api/hostile.test.ts', 'of the token endpoint costs a call'],
    ['adapters/leads-api/hostile.test.ts', 'nested so deep'],
    ['adapters/leads-api/endings/by-body.ts', 'a body that drips'],
  ],
  'redirects to elsewhere': [
    ['adapters/leads-api/answers.test.ts', 'does not follow a redirect'],
    ['domain/classify-call.test.ts', 'halts on redirect'],
    ['console/door.test.ts', 'leads nowhere else after a login'],
  ],
  'a wrong certificate, of the API, its proxy, the database and Redis': [
    ['adapters/leads-api/evidence.test.ts', 'a certificate that is not trusted halts, and nothing is written'],
    ['adapters/leads-api/evidence.test.ts', 'certificates are checked whatever the process is told'],
    ['adapters/leads-api/endings/before-writing.ts', 'of another host'],
    ['adapters/leads-api/proxy.test.ts', "describe('a certificate'"],
    ['adapters/queue/redis-backend.test.ts', 'is not even told the password when its certificate'],
    ['e2e/transport.test.ts', 'is told nothing with a certificate'],
  ],
  'an answer that repeats personal data, and every other way for it to get out': [
    ['e2e/no-leak.test.ts', 'finds nobody of the files in logs, queue, ledger'],
    ['domain/scrub.test.ts', 'scrub'],
  ],
};

describe('hostile input', () => {
  it.each(Object.entries(shownBy))('%s: its tests are where the list says', (_threat, tests) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const [file, says] of tests)
      expect(readFileSync(join(import.meta.dirname, file), 'utf8'), file).toContain(says);
  });
});
