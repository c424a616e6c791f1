import { defineConfig } from 'vitest/config';

const suites = '{bench,contracts,domain,functions,graphql,infra,local,test,tools}/**/*.test.ts';

/** Suites that hold times against limits: they have the machine for themselves, when all others have ended. */
const measuring = ['bench/budgets.test.ts'];

const others = ['test/data/**', 'test/soak/**', 'node_modules/**'];

const usual = {
  env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
  testTimeout: 20_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    globalSetup: ['test/support/assembly.ts'],
    allowOnly: false,
    // One for each processor, and not one fewer: suites wait more than they compute.
    maxWorkers: '100%',
    projects: [
      { test: { ...usual, name: 'suites', include: [suites], exclude: [...others, ...measuring] } },
      {
        test: {
          ...usual,
          name: 'measuring',
          include: measuring,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
