import { defineConfig } from 'vitest/config';

// The trials on real files, one after the other: each starts a stack of its own and uses the whole machine.
export default defineConfig({
  test: {
    include: ['test/data/**/*.test.ts'],
    globalSetup: ['test/support/assembly.ts'],
    allowOnly: false,
    passWithNoTests: false,
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
    env: { FIDELIA_DATA: process.env.FIDELIA_DATA ?? '../shared/data' },
  },
});
