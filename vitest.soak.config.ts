import { defineConfig } from 'vitest/config';

// The soak: long, and for the whole machine. `SOAK=3000 npm run test:soak` does less of it.
export default defineConfig({
  test: {
    include: ['test/soak/**/*.test.ts'],
    globalSetup: ['test/support/assembly.ts'],
    allowOnly: false,
    passWithNoTests: false,
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 7_200_000,
  },
});
