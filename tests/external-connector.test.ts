import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stack } from './support/stack.ts';

/** `custard agent run` with a connector that is not ours: it has one row, and would do whatever it is told. */
const CONNECTOR = `
import { appendFileSync } from 'node:fs';
const column = (name) => ({ name, type: 'TEXT', kind: 'text', nullable: false, comment: null });
const keys = { comment: null, primaryKey: [], foreignKeys: [], uniqueKeys: [], rowEstimate: 1, readable: true };
const tables = [{ schema: null, name: 'note', kind: 'table', columns: [column('text'), column('secret')], ...keys }];
export const connector = {
  api: 1,
  dialect: 'sqlite',
  async open({ url }) {
    return {
      dialect: 'sqlite',
      ping: async () => ({ version: '1.0' }),
      describe: async (_, onPage) => onPage({ version: '1.0', defaultSchemas: [], tables }),
      run: async ({ statement }, sink) => {
        appendFileSync(url, statement + '\\n');
        sink.columns([{ name: 'text', type: 'TEXT', kind: 'text' }]);
        await sink.chunk(Buffer.from('{"type":"row","row":["hello"]}\\n'));
        return { rows: 1, truncated: false };
      },
      findValues: async () => [],
      relations: async ({ tables: asked }) =>
        asked.map((one) => ({
          asked: one, name: { schema: null, name: 'note' }, parents: [], reads: [],
          columns: ['text', 'secret'].map((name) => ({ name, aliases: [] })),
        })),
      posture: async () => ({ grade: 'good', findings: [], leastPrivilege: '' }),
      close: async () => undefined,
    };
  },
};`;

let folder: string;
let stack: Stack;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custard-external-'));
  const [module, policy] = [join(folder, 'connector.mjs'), join(folder, 'policy.yaml')];
  await writeFile(module, CONNECTOR);
  await writeFile(join(folder, 'ran'), '');
  await writeFile(policy, 'version: 1\ncolumns: { deny: [note.secret] }\n');
  const agentEnv = { CUSTARD_CONNECTOR: module, POLICY_FILE: policy };
  stack = await Stack.start({ databaseUrl: join(folder, 'ran'), dbType: 'SQLITE', agentEnv });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test('answers, behind our guard and our policy', async () => {
  const asked = async (statement: string, ...flags: string[]) => {
    const { code, stdout } = await stack.custard(['sql', statement, '--json', ...flags]);
    return { exit: code, ...JSON.parse(stdout) };
  };
  expect(await asked('SELECT text FROM note')).toMatchObject({ exit: 0, data: { rows: [['hello']] } });
  expect(await asked('DELETE FROM note')).toMatchObject({ exit: 5, error: { code: 'NOT_READ_ONLY' } });
  expect(await asked('SELECT secret FROM note')).toMatchObject({ exit: 5, error: { code: 'POLICY_DENIED' } });
  expect(await asked('SELECT text FROM note', '--dry-run')).toMatchObject({
    ...{ exit: 0, data: { explained: false }, warnings: [expect.stringContaining('no plans to show')] },
  });
  expect(await readFile(join(folder, 'ran'), 'utf8')).toBe('SELECT text FROM note\n');
});
