import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { agentKey } from './agent-key.ts';
import { parseEnvironment } from './env.ts';

const KEY = `custard_${'a'.repeat(36)}`;
const folder = mkdtempSync(join(tmpdir(), 'custard-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const parse = (extra: NodeJS.ProcessEnv) =>
  parseEnvironment({ BACKEND_WEBSOCKET_URI: 'ws://127.0.0.1/{agent_id}', AGENT_ID: 'agent_1', ...extra });

test.each(['', '\n', '\r\n'])('the key from a file, with %j after it', async (end) => {
  expect(await agentKey(parse({ CUSTARD_API_KEY_FILE: file('key', `${KEY}${end}`) }))).toBe(KEY);
});

test('an empty name beside that of the file is an unset one', async () => {
  expect(await agentKey(parse({ CUSTARD_API_KEY: '', CUSTARD_API_KEY_FILE: file('key', KEY) }))).toBe(KEY);
});

test.each([
  ['missing', () => join(folder, 'nowhere'), 'cannot be read (ENOENT)'],
  ['a folder', () => folder, 'cannot be read (EISDIR)'],
  ['empty', () => file('empty', '\n'), 'is empty'],
  ['of two lines', () => file('two', `${KEY}\nsecret`), 'holds more than one line'],
  ['too long', () => file('long', 'secret'.repeat(1000)), 'is larger than 4096 bytes'],
  ['something else', () => file('other', 'secretsecret'), 'is no agent key'],
])('a file that is %s is named, and nothing of what it holds', async (_, path, message) => {
  const error: unknown = await agentKey(parse({ CUSTARD_API_KEY_FILE: path() })).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) });
  expect(String(error)).not.toMatch(/secret{2}|custard_a/);
});

test('the file and the key itself are one too many', () => {
  const both = { CUSTARD_API_KEY: KEY, CUSTARD_API_KEY_FILE: file('key', KEY) };
  expect(() => parse(both)).toThrow('CUSTARD_API_KEY_FILE: expected nothing beside CUSTARD_API_KEY');
});
