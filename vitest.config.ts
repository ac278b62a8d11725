import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,agent,control-plane,cli,scripts,tests}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Node may hang in its own exit while V8 compiles (https://github.com/nodejs/node/issues/54918): about one process in
    // some hundreds that tests start and end at once. What fails for a reason of ours fails each time.
    retry: 2,
  },
});
