import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,agent,control-plane,cli,scripts,tests,web-minimal}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
