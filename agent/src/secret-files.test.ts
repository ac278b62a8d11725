import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseEnvironment } from './env.ts';

const KEY = `custard_${'a'.repeat(36)}`;
const folder = mkdtempSync(join(tmpdir(), 'custard-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const parse = (extra: NodeJS.ProcessEnv) =>
  parseEnvironment({ BACKEND_WEBSOCKET_URI: 'ws://127.0.0.1/{agent_id}', AGENT_ID: 'agent_1', ...extra });

test.each(['', '\n', '\r\n'])('the key from a file, with %j after it', (end) => {
  expect(parse({ CUSTARD_API_KEY_FILE: file('key', `${KEY}${end}`) }).CUSTARD_API_KEY).toBe(KEY);
});

test('an empty NAME beside NAME_FILE is an unset one', () => {
  expect(parse({ CUSTARD_API_KEY: '', CUSTARD_API_KEY_FILE: file('key', KEY) }).CUSTARD_API_KEY).toBe(KEY);
});

test.each([
  ['missing', () => join(folder, 'nowhere'), 'cannot be read (ENOENT)'],
  ['a folder', () => folder, 'cannot be read (EISDIR)'],
  ['empty', () => file('empty', '\n'), 'is empty'],
  ['of two lines', () => file('two', `${KEY}\nsecret`), 'holds more than one line'],
  ['too long', () => file('long', 'secret'.repeat(1000)), 'is larger than 4096 bytes'],
])('a file that is %s is named, and nothing of what it holds', (_, path, message) => {
  const starting = () => parse({ CUSTARD_API_KEY_FILE: path() });
  expect(starting).toThrow(message);
  expect(starting).not.toThrow(/secret{2}|custard_a/);
});

test('a file and the value itself is one too many', () => {
  expect(() => parse({ CUSTARD_API_KEY: KEY, CUSTARD_API_KEY_FILE: file('key', KEY) })).toThrow(
    'Both CUSTARD_API_KEY and CUSTARD_API_KEY_FILE are set.',
  );
});
