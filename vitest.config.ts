import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,agent,control-plane,cli,scripts,tests}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
