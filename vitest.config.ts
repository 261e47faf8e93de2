import { defineConfig } from 'vitest/config';

/** `unit` runs beside the code; `net` boots real servers in one process; `e2e` drives real browsers. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'docs/*.test.ts'],
          globalSetup: ['packages/server/src/platform/postgres/testing-cluster.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/src/**/*.test.ts'],
          globalSetup: ['packages/server/src/platform/postgres/testing-cluster.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
