import { defineConfig } from 'vitest/config';

const testing = {
  globalSetup: ['packages/server/src/platform/postgres/testing-cluster.ts'],
  // By itself vitest would leave a core of two idle.
  maxWorkers: 2,
};
/** Media over real sockets. */
const media = ['packages/sfu/src/node.test.ts', 'packages/sfu/src/closures.test.ts'];
const whole = { ...testing, testTimeout: 90_000, hookTimeout: 120_000 };

/**
 * `unit` runs beside the code; `e2e` boots real servers and drives real browsers; `sound` is the part of it in which people
 * hear each other: that has the machine to itself, for on two cores live sound beside anything else would break up.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...testing,
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'docs/*.test.ts'],
          exclude: media,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: { ...whole, name: 'e2e', include: ['e2e/src/**/*.test.ts'], exclude: ['e2e/src/audio/**'] },
      },
      {
        test: { ...whole, name: 'sound', include: [...media, 'e2e/src/audio/**/*.test.ts'], maxWorkers: 1 },
      },
    ],
  },
});
