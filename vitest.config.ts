import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{bench,contracts,domain,functions,graphql,infra,local,test,tools}/**/*.test.ts'],
    exclude: ['test/data/**', 'test/soak/**', 'node_modules/**'],
    globalSetup: ['test/support/assembly.ts'],
    allowOnly: false,
    // One for each processor, and not one fewer: suites wait more than they compute.
    maxWorkers: '100%',
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
