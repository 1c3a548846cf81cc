import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Native sockets and signals: processes, not threads.
    pool: 'forks',
    // They wait more than they compute. More than two at once would be late for real bounds.
    maxWorkers: 2,
    // On a shared machine a process may not run for seconds; twice in a row is a defect.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
