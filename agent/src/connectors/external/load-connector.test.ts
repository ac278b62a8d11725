import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCustardError } from '#core/errors.ts';
import type { SchemaPage } from '../connector.ts';
import { loadConnector } from './load-connector.ts';

const never = new AbortController().signal;
const database = { url: 'some:where', host: null, port: null, user: null, password: 's3cret', name: null, sessions: 4 };

const METHODS = `
  ping: async () => ({ version: '1.0' }), describe: async (options, onPage) => onPage({}), run: async () => ({ rows: 0, truncated: false }),
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
    return await (await loadConnector({ from: name, directory: folder })).open(database);
  }

  it('is loaded from a file, and from a package that is installed in the folder', async () => {
    expect(await (await load(whole())).ping({ signal: never })).toEqual({ version: '1.0' });
    const home = join(folder, 'node_modules/@mine/connector');
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'package.json'), '{"type": "module", "exports": "./index.js"}');
    await writeFile(join(home, 'index.js'), whole());
    const packaged = await (await loadConnector({ from: '@mine/connector', directory: folder })).open(database);
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
    [whole(`${METHODS}, transport: true`), 'transport that is no function'],
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
      const loading = loadConnector({ from, directory: folder });
      await expect(loading).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(from) });
    }
  });

  it('has each page of its schema looked at, and what a page is refused for stands', async () => {
    const table = `{ schema: null, name: 'part', kind: 'table', columns: [], primaryKey: [], uniqueKeys: [], foreignKeys: [],
      rowEstimate: null, readable: true, comment: null, extra: 1 }`;
    const head = "version: '1', defaultSchemas: []";
    const describing = (body: string) =>
      load(whole(METHODS.replace(/describe:.*?onPage\(\{\}\)/, `describe: async (options, onPage) => { ${body} }`)));
    const pages: SchemaPage[] = [];
    const take = (page: SchemaPage) => void pages.push(page);
    const partitioned = await describing(
      `const table = ${table}; onPage({ ${head}, tables: [table], parents: new Map([[table, [{ schema: null, name: 'whole' }]]]) });`,
    );
    await partitioned.describe({ signal: never }, take);
    expect(pages.map(({ tables, parents }) => tables.map((one) => [one.name, parents?.get(one)]))).toEqual([
      [['part', [{ schema: null, name: 'whole' }]]],
    ]);
    await expect((await describing('')).describe({ signal: never }, take)).rejects.toMatchObject({
      message: expect.stringContaining('describe() gives no page'),
    });
    const swallows = await describing(`try { onPage({ ${head}, tables: [] }); } catch {}`);
    const enough = new Error('enough');
    const throws = () => {
      throw enough;
    };
    await expect(swallows.describe({ signal: never }, throws)).rejects.toBe(enough);
    const wrong = await describing(`onPage({ ${head}, tables: [], parents: new Map([[1, 'whole']]) });`);
    await expect(wrong.describe({ signal: never }, take)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(pages).toHaveLength(1);
  });

  it('has each answer looked at before anything rests on it', async () => {
    const connector = await load(whole());
    await expect(connector.describe({ signal: never }, () => undefined)).rejects.toMatchObject({
      message: expect.stringMatching(/describe\(\) answers with what it may not: version: /),
    });
    const tables = [{ schema: null, name: 'customer' }];
    await expect(connector.relations({ tables, signal: never })).rejects.toMatchObject({
      message: expect.stringMatching(/relations\(\) answers with what it may not: 0\.asked: /),
    });
  });
});
