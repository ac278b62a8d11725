import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';

it('says where a bug is, and nothing of the rows and statements drivers hang on their errors', () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const driver = Object.assign(new Error('null value'), { code: '23502', detail: 'Failing row contains (secret)' });
  createLogger('info', stream).error({ error: new Error('not stored', { cause: driver }) }, 'a bug');
  expect(JSON.parse(lines.join(''))).toMatchObject({
    error: { message: 'not stored', stack: expect.any(String), cause: { message: 'null value', code: '23502' } },
  });
  expect(lines.join('')).not.toContain('secret');
});
