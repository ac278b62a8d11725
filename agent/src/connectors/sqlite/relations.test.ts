import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableName } from '#core/guard/verdict.ts';
import type { MaskedColumn } from '#core/policy/mask.ts';
import type { Relation } from '#core/policy/relation.ts';
import { collect } from '../testing/collect.ts';
import type { Fixture } from '../testing/engine.ts';
import { sqliteEngine } from '../testing/sqlite-engine.ts';

const never = new AbortController().signal;
const maskKey = randomBytes(32);

const OBJECTS = `
  CREATE TABLE Staff (Id INTEGER PRIMARY KEY, Email TEXT, salary INT,
    mail TEXT GENERATED ALWAYS AS (lower(Email)) VIRTUAL, kept TEXT AS (Email) STORED);
  CREATE TABLE no_number (a INTEGER PRIMARY KEY, b) WITHOUT ROWID;
  CREATE TABLE no_alias (a INT PRIMARY KEY, b);
  CREATE TABLE downwards (a INTEGER PRIMARY KEY DESC, b);
  CREATE TABLE taken (id INTEGER PRIMARY KEY, rowid TEXT, OID TEXT);
  CREATE TABLE "Ünal" (a); CREATE TABLE "it""s" (a);
  CREATE VIEW plain AS SELECT id, upper(email) AS mail FROM staff WHERE salary > 0;
  CREATE VIEW nested AS WITH p AS (SELECT mail FROM plain) SELECT p.mail, (SELECT max(b) FROM no_number) AS b FROM p;
  CREATE VIEW counted AS SELECT count(*) AS people FROM staff;
  CREATE VIEW both AS SELECT email FROM staff UNION ALL SELECT b FROM no_alias;
  CREATE VIEW numbered AS SELECT rowid AS n, _rowid_ AS m FROM no_alias;
  CREATE VIEW counts AS WITH u AS (SELECT 1 FROM staff) SELECT count(*) FROM u, STAFF WHERE (SELECT email FROM staff) > '';
  CREATE VIEW accents AS SELECT count(*) FROM "Ünal";
  CREATE VIEW broken AS SELECT * FROM nowhere;
  CREATE TRIGGER keep INSTEAD OF INSERT ON plain BEGIN INSERT INTO no_alias SELECT a, b FROM no_number; END;
  CREATE TABLE "my notes" (a, b);
  CREATE VIRTUAL TABLE found USING fts5(Email, salary, content='staff', content_rowid="id");
  CREATE VIRTUAL TABLE "using notes" USING fts4(content="my notes", a);
  CREATE VIRTUAL TABLE terms USING fts5vocab('words', 'row');
  INSERT INTO Staff (Id, Email, salary) VALUES (7, 'Ana@example.org', 3);
  INSERT INTO no_number VALUES (1, 'x');`;

let fixture: Fixture;

beforeAll(async () => {
  fixture = await sqliteEngine.start();
  await fixture.execute(OBJECTS);
});
afterAll(async () => {
  await fixture.stop();
});

const relations = (...names: readonly string[]): Promise<Relation[]> =>
  fixture.connector.relations({ tables: names.map((name) => ({ schema: null, name })), signal: never });
const columns = async (name: string) =>
  (await relations(name)).flatMap((relation) => relation.columns.map((column) => [column.name, ...column.aliases]));
const reads = async (name: string) =>
  (await relations(name)).flatMap((relation) => relation.reads.map((read) => `${read.name}.${read.column}`)).toSorted();

describe("SQLite's relations", () => {
  it("know the row's number by its other names", async () => {
    const names = ['rowid', 'oid', '_rowid_'];
    expect(await columns('staff')).toEqual([['Id', ...names], ['Email'], ['salary'], ['mail'], ['kept']]);
    for (const table of ['no_number', 'no_alias', 'downwards']) expect(await columns(table)).toEqual([['a'], ['b']]);
    expect(await columns('taken')).toEqual([['id', '_rowid_'], ['rowid'], ['OID']]);
  });

  it('read what SQLite says their views read, and not what a trigger would', async () => {
    const staff = ['Staff.Email', 'Staff.Id', 'Staff.salary'];
    expect(await reads('plain')).toEqual(staff);
    expect(await reads('nested')).toEqual([...staff, 'no_number.b', 'plain.mail']);
    expect(await reads('counted')).toEqual(['Staff.null']);
    expect(await reads('counts')).toEqual(['Staff.Email']);
    expect(await reads('accents')).toEqual(['Ünal.null']);
    expect(await reads('both')).toEqual(['Staff.Email', 'no_alias.b']);
    expect(await reads('numbered')).toEqual(['no_alias.ROWID']);
    expect(await reads('staff')).toEqual([]);
    expect(await relations('broken')).toMatchObject([{ columns: [], reads: [] }]);
  });

  it('are found whatever the case of ASCII letters, and told as the file has them', async () => {
    const found = await relations('STAFF', 'ünal', 'Ünal', 'it"s', "it's", 'SQLITE_MASTER', 'sqlite_schema');
    expect(found.map(({ name, parents }) => [name.name, ...parents.map((parent) => parent.name)])).toEqual([
      ['Staff'],
      ['Ünal'],
      ['it"s'],
      ['sqlite_schema', 'sqlite_master'],
      ['sqlite_schema', 'sqlite_master'],
    ]);
    expect(await columns('sqlite_schema')).toContainEqual(['sql']);
    const tables = ['main', 'MAIN', 'temp', 'other'].map((schema) => ({ schema, name: 'staff' }));
    const inSchemas = await fixture.connector.relations({ tables, signal: never });
    expect(inSchemas.map(({ asked }) => asked.schema)).toEqual(['main', 'MAIN']);
  });

  it('have hidden columns, and the tables of a virtual one show what it holds', async () => {
    expect(await columns('words')).toEqual([['word'], ['words'], ['rank']]);
    expect(await reads('words_content')).toEqual(['words.null']);
    expect(await reads('words_data')).toEqual(['words.null']);
    expect(await reads('words')).toEqual([]);
  });

  it('read the tables that a virtual one is made of', async () => {
    expect(await reads('found')).toEqual(['Staff.null']);
    expect(await reads('using notes')).toEqual(['my notes.null']);
    expect(await reads('terms')).toEqual(['words.null']);
  });
});

describe('masks on SQLite', () => {
  const masked = (table: string, column: string, isNamed = true): MaskedColumn => ({
    ...{ schema: null, table, column },
    ...{ mask: 'null', isNamed },
  });
  const rows = async (sql: string, ...masks: readonly MaskedColumn[]) =>
    (await collect(fixture.connector, sql, { masks, maskKey })).data;

  it("hold for the row's number under each of its names", async () => {
    const sql = 'SELECT rowid, s.oid, _ROWID_, id, salary FROM staff s';
    expect(await rows(sql, masked('Staff', 'Id'))).toEqual([[null, null, null, null, 3]]);
  });

  it('hold for generated columns and for tables without a row number', async () => {
    expect(await rows('SELECT mail, kept FROM staff', masked('Staff', 'mail'))).toEqual([[null, 'Ana@example.org']]);
    expect(await rows('SELECT * FROM staff', masked('Staff', 'kept', false))).toEqual([
      [7, 'Ana@example.org', 3, 'ana@example.org', null],
    ]);
    expect(await rows('SELECT b FROM no_number', masked('no_number', 'b'))).toEqual([[null]]);
  });

  it('refuse what may be a masked expression of a view', async () => {
    const mail = masked('plain', 'mail', false);
    expect(await rows('SELECT id FROM plain', mail)).toEqual([[7]]);
    for (const sql of ['SELECT * FROM plain', 'SELECT mail FROM plain', 'SELECT id, 1 FROM plain']) {
      await expect(rows(sql, mail)).rejects.toMatchObject({ code: 'POLICY_DENIED' });
    }
    await expect(rows('SELECT mail FROM plain', masked('plain', 'mail'))).rejects.toMatchObject({
      code: 'POLICY_DENIED',
    });
  });

  it('show least of a column that has several', async () => {
    const partly = { ...masked('Staff', 'Id', false), mask: 'partial' } as const;
    expect(await rows('SELECT p.id FROM plain p JOIN staff ON true', partly, masked('plain', 'id'))).toEqual([[null]]);
  });

  it('keep values out of what is found that a virtual table shows of another', async () => {
    const find = async (hidden: string) => {
      const skip = ({ name }: TableName, column: string) => name === hidden && (column === 'Email' || column === '*');
      const found = await fixture.connector.findValues({ texts: ['ANA@example.org'], skip, signal: never });
      return new Set(found.map(({ table, column }) => `${table}.${column}`));
    };
    const elsewhere = ['customer.email', 'Staff.mail', 'Staff.kept'];
    expect(await find('nobody')).toEqual(new Set([...elsewhere, 'Staff.Email', 'found.Email']));
    expect(await find('Staff')).toEqual(new Set(elsewhere));
  });

  it('do not reach over to the next statement', async () => {
    expect(await rows('SELECT id FROM staff', masked('Staff', 'Id'))).toEqual([[null]]);
    expect(await rows('SELECT id FROM staff')).toEqual([[7]]);
    await expect(rows('PRAGMA table_info(staff)')).rejects.toMatchObject({ code: 'NOT_READ_ONLY' });
  });
});
