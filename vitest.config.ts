import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// A wait ends with what is waited for, so only what never comes takes so long.
const PATIENT = { poll: { timeout: 20_000 } };

// A test's file name says what it costs: .test.ts no I/O, .int.test.ts real parts in this process, .e2e.test.ts whole systems.
export default defineConfig({
  test: {
    // Tests of real parts wait more than they work; with as many at once as a small machine has cores, a third of its time is idle.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{libs,services,deploy,test}/**/*.test.ts'],
          exclude: ['**/*.int.test.ts', '**/*.e2e.test.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
          expect: PATIENT,
        },
      },
      {
        test: {
          name: 'int',
          include: ['{libs,services,deploy,test}/**/*.int.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: ['test/setup/real-parts.ts'],
          expect: PATIENT,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/{e2e,chaos}/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: ['test/setup/real-parts.ts'],
          expect: PATIENT,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
