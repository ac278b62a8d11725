import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCustardError } from '#core/errors.ts';
import { loadConnector } from './load-connector.ts';

const never = new AbortController().signal;
const database = { url: 'some:where', host: null, port: null, user: null, password: 's3cret', name: null };

const METHODS = `
  ping: async () => ({ version: '1.0' }), describe: async () => ({}), run: async () => ({ rows: 0, truncated: false }),
  findValues: async () => [], relations: async () => [{ asked: 'customer' }], close: async () => undefined,
  posture: async () => ({ grade: 'good', findings: [], leastPrivilege: '' })`;
const whole = (methods = METHODS, dialect = 'sqlite') => `
  export const connector = { api: 1, dialect: '${dialect}', open: async (database) => ({ dialect: '${dialect}', database, ${methods} }) };`;

describe('a connector that is not ours', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'custard-external-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  let files = 0;
  async function load(text: string) {
    const name = `./connector-${++files}.mjs`;
    await writeFile(join(folder, name), text);
    return await loadConnector({ from: name, directory: folder, database });
  }

  it('is loaded from a file, and from a package that is installed in the folder', async () => {
    expect(await (await load(whole())).ping({ signal: never })).toEqual({ version: '1.0' });
    const home = join(folder, 'node_modules/@mine/connector');
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'package.json'), '{"type": "module", "exports": "./index.js"}');
    await writeFile(join(home, 'index.js'), whole());
    const packaged = await loadConnector({ from: '@mine/connector', directory: folder, database });
    expect(packaged.dialect).toBe('sqlite');
    expect(packaged.explain).toBeUndefined();
    await packaged.close();
  });

  it.each([
    ['export const other = 1;', 'exports no "connector" (it exports other)'],
    ['', 'exports nothing'],
    ['export const connector = { dialect: "sqlite" };', 'no "api: 1"'],
    ['export const connector = { api: 2 };', 'no "api: 1"'],
    ['export const connector = { api: 1, dialect: "oracle" };', 'postgres, mysql, mariadb, snowflake'],
    ['export const connector = { api: 1, dialect: "sqlite" };', 'no function "open"'],
    ['export const connector = { api: 1, dialect: "sqlite", open: async () => 7 };', 'gives no connector'],
    [whole(METHODS.replace('findValues:', 'findvalues:')), 'lacks findValues()'],
    [whole(`${METHODS}, explain: true`), 'explain that is no function'],
    [whole().replace("({ dialect: 'sqlite'", "({ dialect: 'duckdb'"), 'another dialect than the "sqlite"'],
    ['export const connector = ;', 'cannot be loaded'],
    ["import 'no-such-package';", 'cannot be loaded'],
  ])('is refused with what its author has to do: %s', async (text, problem) => {
    const error: unknown = await load(text).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('docs/connectors.md') });
    const message = isCustardError(error) ? error.message : '';
    expect(message.replaceAll('it exports nothing', 'exports nothing')).toContain(problem);
    expect(message).toMatch(/^The connector \.\/connector-\d+\.mjs cannot be used: .*\.$/);
    expect(message).not.toContain('s3cret');
  });

  it('is refused when it is not there', async () => {
    for (const from of ['./nowhere.mjs', 'no-such-package-of-mine']) {
      const loading = loadConnector({ from, directory: folder, database });
      await expect(loading).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(from) });
    }
  });

  it('has each answer looked at before anything rests on it', async () => {
    const connector = await load(whole());
    await expect(connector.describe({ signal: never })).rejects.toMatchObject({
      message: expect.stringMatching(/describe\(\) answers with what it may not: dialect: /),
    });
    const tables = [{ schema: null, name: 'customer' }];
    await expect(connector.relations({ tables, signal: never })).rejects.toMatchObject({
      message: expect.stringMatching(/relations\(\) answers with what it may not: 0\.asked: /),
    });
  });
});
