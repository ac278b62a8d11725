import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGuard } from '#core/guard/load-guard.ts';
import type { MaskedColumn } from '#core/policy/mask.ts';
import { maskText } from '#core/policy/mask-text.ts';
import { parsePolicy } from '#core/policy/parse-policy.ts';
import type { Relation } from '#core/policy/relation.ts';
import { PolicyGuard } from '../../policy/policy-guard.ts';
import { collect } from '../testing/collect.ts';
import { duckdbEngine } from '../testing/duckdb-engine.ts';
import type { Fixture } from '../testing/engine.ts';

const never = new AbortController().signal;
const maskKey = randomBytes(32);
const keyObject = createSecretKey(maskKey);

const OBJECTS = `
  CREATE SCHEMA hr;
  CREATE TABLE hr.Staff (Id INTEGER, Email VARCHAR, salary INTEGER, kept STRUCT(phone VARCHAR));
  INSERT INTO hr.Staff VALUES (7, 'ana@example.org', 3, {'phone': '123'});
  CREATE TABLE plain_table (id INTEGER, name VARCHAR); INSERT INTO plain_table VALUES (7, 'open');
  CREATE VIEW hr.plain AS SELECT email AS mail, id FROM staff;
  CREATE VIEW nested AS SELECT p.mail, n.name FROM hr.plain p JOIN plain_table n ON n.id = p.id;
  CREATE VIEW starred AS FROM hr.staff;
  CREATE VIEW counted AS SELECT count(*) AS n FROM hr.staff;
  CREATE VIEW whole AS SELECT s AS r FROM hr.staff s;
  CREATE VIEW field AS SELECT kept.phone AS p FROM hr.staff;
  CREATE VIEW renamed (a, "b ""x""") AS SELECT name, id FROM plain_table;
  CREATE VIEW "odd (name) AS" AS WITH staff AS (SELECT name FROM plain_table) SELECT * FROM staff;
  CREATE MACRO secret(x) AS (SELECT max(email) FROM hr.staff);
  CREATE VIEW by_macro AS SELECT secret(1) AS s;
  CREATE VIEW united AS SELECT name FROM plain_table UNION ALL SELECT email FROM hr.staff;`;

let fixture: Fixture;

beforeAll(async () => {
  fixture = await duckdbEngine.start();
  await fixture.execute(OBJECTS);
});
afterAll(async () => {
  await fixture.stop();
});

const relations = (schema: string | null, ...names: readonly string[]): Promise<Relation[]> =>
  fixture.connector.relations({ tables: names.map((name) => ({ schema, name })), signal: never });
const reads = async (name: string, schema: string | null = null) =>
  (await relations(schema, name)).flatMap((relation) =>
    relation.reads.map((read) => `${read.schema}.${read.name}.${read.column}`),
  );

describe("DuckDB's relations", () => {
  it('are found whatever the case of ASCII letters, in schemas and in the database by its name', async () => {
    const asked = ['hr', 'HR', 'shop.hr'].map((schema) => ({ schema, name: 'STAFF' }));
    const found = await fixture.connector.relations({
      tables: [...asked, { schema: null, name: 'staff' }],
      signal: never,
    });
    expect(found.map(({ name }) => name)).toEqual(asked.map(() => ({ schema: 'hr', name: 'Staff' })));
    expect(found[0]?.columns.map(({ name }) => name)).toEqual(['Id', 'Email', 'salary', 'kept']);
    expect(await relations('shop', 'plain_table')).toHaveLength(1);
    expect(await relations('information_schema', 'tables')).toHaveLength(1);
    expect(await relations(null, 'duckdb_columns', 'sqlite_master')).toHaveLength(2);
  });

  it('tell what views read, through as many views as there are', async () => {
    expect(await reads('plain', 'hr')).toEqual(['hr.Staff.Id', 'hr.Staff.Email']);
    expect((await reads('nested')).toSorted()).toEqual([
      'hr.Staff.Email',
      'hr.Staff.Id',
      'hr.plain.Id',
      'hr.plain.mail',
      'main.plain_table.id',
      'main.plain_table.name',
    ]);
    const all = ['Id', 'Email', 'salary', 'kept'].map((column) => `hr.Staff.${column}`);
    expect(await reads('starred')).toEqual(all);
    expect(await reads('whole')).toEqual(all);
    expect(await reads('counted')).toEqual(['hr.Staff.null']);
    expect(await reads('field')).toContain('hr.Staff.kept');
    expect(await reads('renamed')).toEqual(['main.plain_table.id', 'main.plain_table.name']);
    expect(await reads('odd (name) AS')).toEqual(['main.plain_table.name']);
    expect(await reads('united')).toEqual(['main.plain_table.name', 'hr.Staff.Email']);
  });

  it('count a view that calls a function of the file as reading everything', async () => {
    expect(await reads('by_macro')).toEqual(expect.arrayContaining(['hr.Staff.null', 'main.customer.null']));
  });
});

describe('masks on DuckDB', () => {
  const masked = (column: string, isNamed = true): MaskedColumn => ({
    ...{ schema: 'hr', table: 'Staff', column, mask: 'hash', isNamed },
  });
  const mail = maskText('hash', 'ana@example.org', keyObject);
  const rows = async (sql: string, ...masks: readonly MaskedColumn[]) =>
    (await collect(fixture.connector, sql, { masks, maskKey })).data;

  it.each([
    ['SELECT email, id FROM hr.staff', [mail, 7]],
    ['SELECT shop.hr.staff.email AS id, salary FROM hr.staff', [mail, 3]],
    [
      'SELECT *, upper(name) FROM plain_table JOIN hr.staff USING (id)',
      [7, 'open', mail, 3, '{"phone":"123"}', 'OPEN'],
    ],
    ['SELECT p.*, s.* EXCLUDE (kept) FROM plain_table p, hr.staff s', [7, 'open', 7, mail, 3]],
    [
      'FROM hr.staff SELECT s.email, * FROM hr.staff s'.replace('FROM hr.staff ', ''),
      [mail, 7, mail, 3, '{"phone":"123"}'],
    ],
    ["SELECT unnest({'x': 1, 'y': 2}), email AS z, 1 FROM hr.staff", [1, 2, mail, 1]],
    ["SELECT email AS z, unnest({'x': 1, 'y': 2}), email AS w FROM hr.staff", [mail, 1, 2, mail]],
    ["SELECT unnest({'x': 1, 'y': 2}), email AS z, unnest({'v': 3, 'w': 4}) FROM hr.staff", [1, 2, mail, 3, 4]],
    [
      'WITH staff AS (SELECT 1 AS email) SELECT s.*, h.email FROM staff s, hr.staff h',
      [maskText('hash', '1', keyObject), mail],
    ],
  ])('hold wherever the column is shown: %s', async (sql, expected) => {
    expect(await rows(sql, masked('Email', false))).toEqual([expected]);
  });

  it('let the columns of others be', async () => {
    const own = await rows('SELECT 1 AS email, name FROM plain_table', masked('Email', false));
    expect(own).toEqual([[1, 'open']]);
  });

  it('show nothing where the statement cannot be followed', async () => {
    for (const sql of [
      'SELECT r.email FROM hr.staff AS r(a, email, c, d)',
      'SELECT * FROM hr.staff AS r(a, b, c, d)',
      'SELECT s FROM hr.staff s',
      "SELECT COLUMNS('.*') FROM hr.staff",
    ]) {
      const outcome = await rows(sql, masked('Email', false)).catch((error: unknown) => error);
      expect(JSON.stringify(outcome), sql).not.toContain('ana@');
    }
    for (const sql of [
      'SELECT * FROM hr.staff',
      'SELECT lower(email) FROM hr.staff',
      'SELECT email FROM hr.staff UNION ALL SELECT 1',
    ]) {
      await expect(rows(sql, masked('Email')), sql).rejects.toMatchObject({ code: 'POLICY_DENIED' });
    }
  });
});

describe('a policy on DuckDB', () => {
  it('lets out nothing that it hides', async () => {
    const policy = parsePolicy(
      `{version: 1, columns: {deny: ["*.salary"]}, masks: [{columns: ["staff.email"], show: hash}]}`,
      'policy.yaml',
    );
    const guard = new PolicyGuard({ guard: await loadGuard('duckdb'), policy, connector: fixture.connector });
    const shown = async (sql: string) => rows(sql, await guard.check(sql, never));
    const rows = async (sql: string, masks: readonly MaskedColumn[]) =>
      JSON.stringify((await collect(fixture.connector, sql, { masks, maskKey })).data);
    const mail = maskText('hash', 'ana@example.org', keyObject);
    expect(await shown('SELECT id, email FROM hr.staff')).toBe(JSON.stringify([[7, mail]]));
    expect(await shown('SELECT count(*) FROM hr.staff')).toBe('[[1]]');
    expect(await shown('EXPLAIN SELECT email FROM hr.staff')).not.toContain('ana@');
    expect(await shown('SELECT * FROM renamed')).toBe('[["open",7]]');
    for (const sql of [
      'SELECT * FROM hr.staff',
      'SELECT upper(email) FROM hr.staff',
      'SELECT s FROM hr.staff s',
      'SELECT * EXCLUDE (salary) REPLACE (upper(email) AS email) FROM hr.staff',
      'SELECT * RENAME (email AS x) FROM hr.staff',
      "SELECT COLUMNS('e.*') FROM hr.staff",
      'SELECT email AS a, a AS b FROM hr.staff',
      'SELECT #2 FROM hr.staff',
      'SELECT * FROM nested',
      'SELECT p FROM hr.plain p',
      'SELECT * FROM starred',
      'SELECT * FROM whole',
      'SELECT * FROM by_macro',
      'SELECT * FROM united',
      'SUMMARIZE hr.staff',
      'SELECT DISTINCT email FROM hr.staff',
      'PIVOT hr.staff ON id IN (7) USING max(email)',
      'SELECT id FROM hr.staff ORDER BY email',
      'SELECT x FROM (SELECT email AS x FROM hr.staff)',
    ]) {
      const outcome = await shown(sql).catch((error: unknown) => error);
      expect(outcome, sql).toMatchObject({ code: expect.stringMatching(/^(POLICY_DENIED|CONSTRUCT_NOT_ALLOWED)$/) });
    }
  });
});
