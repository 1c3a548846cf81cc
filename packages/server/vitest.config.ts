import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Native sockets and signals: processes, not threads.
    pool: 'forks',
    // One file after the other: real time is measured against real bounds, and two files would share two cores.
    fileParallelism: false,
    // On a shared machine a process may not run for seconds; twice in a row is a defect.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
