import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * The two stories of the console in Chromium (test/console/stories.test.ts) on a large ledger, and how long each page of
 * theirs takes: `node bench/stories.ts [--rows 1000000] [--rounds 60]`. Milliseconds to the end of the answer, median and
 * 95th percentile. Ends with 1 where something is not as it has to be, or a page's 95th percentile is 150 ms or more.
 */
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '60' } },
});
const checkout = join(import.meta.dirname, '..');
const run = spawn(
  process.execPath,
  [
    join(checkout, 'node_modules/vitest/vitest.mjs'),
    'run',
    // Before the flags: one that takes a value would take it, and the whole suite would run.
    'test/console/stories.test.ts',
    '--config',
    'test/vitest.config.ts',
    '--disable-console-intercept',
  ],
  {
    cwd: checkout,
    stdio: 'inherit',
    env: { ...process.env, LEADSYNC_STORY_ROWS: values.rows, LEADSYNC_STORY_ROUNDS: values.rounds },
  },
);
await once(run, 'close');
process.exitCode = run.exitCode ?? 1;
