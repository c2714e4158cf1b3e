import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // What is waited for is a signal, and most tests take a second: the limits are for a machine that others use as well.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // Whole processes are waited for most of the time: one worker a core leaves both cores idle.
    maxWorkers: 3,
  },
});
