import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableName } from '#core/guard/verdict.ts';
import type { MaskedColumn } from '#core/policy/mask.ts';
import type { Relation } from '#core/policy/relation.ts';
import type { Connector } from '../connector.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import { collect } from '../testing/collect.ts';
import type { Fixture } from '../testing/engine.ts';
import { connectTo, postgresEngine } from '../testing/postgres-engine.ts';

const never = new AbortController().signal;
const maskKey = randomBytes(32);

const OBJECTS = `
  CREATE SCHEMA hr; CREATE SCHEMA hidden; CREATE SCHEMA later;
  CREATE TABLE hr.staff (id int PRIMARY KEY, gone int, email text, salary int, boss int);
  ALTER TABLE hr.staff DROP COLUMN gone;
  CREATE TABLE hr.audit (id int, note text);
  CREATE VIEW hr.plain AS SELECT id, upper(email) AS mail FROM hr.staff WHERE salary > 0;
  CREATE VIEW hr.nested AS
    WITH p AS (SELECT mail FROM hr.plain) SELECT p.mail, (SELECT max(note) FROM hr.audit) AS note FROM p;
  CREATE MATERIALIZED VIEW hr.kept AS SELECT email AS copy FROM hr.staff;
  CREATE VIEW hr.over_kept AS SELECT count(copy) FROM hr.kept;
  CREATE VIEW hr.whole AS SELECT s.id, to_jsonb(s) AS all_of_it FROM hr.staff s;
  CREATE VIEW hr.over_whole AS SELECT s.id, w.all_of_it FROM hr.whole w JOIN hr.staff s ON s.id = w.id;
  CREATE VIEW hr.counted AS SELECT count(*) AS people FROM hr.staff;
  CREATE VIEW hr.ruled AS SELECT id FROM hr.staff;
  CREATE RULE keep AS ON INSERT TO hr.ruled DO INSTEAD INSERT INTO hr.audit VALUES (NEW.id, 'x');
  CREATE VIEW hr.statistics AS SELECT stanullfrac, starelid FROM pg_catalog.pg_statistic;
  CREATE VIEW hr.stats AS SELECT tablename, histogram_bounds::text FROM pg_stats;
  CREATE TABLE hr.event (id int, day date, who text) PARTITION BY RANGE (day);
  CREATE TABLE hr.event_2024 PARTITION OF hr.event
    FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (id);
  CREATE TABLE hr.event_2024_1 PARTITION OF hr.event_2024 FOR VALUES IN (1);
  CREATE TABLE hr.base (id int, who text);
  CREATE TABLE hr.other_base (extra text);
  CREATE TABLE hr.child (more text) INHERITS (hr.base, hr.other_base);
  CREATE VIEW hr.of_partition AS SELECT who FROM hr.event_2024_1;
  INSERT INTO hr.staff VALUES (1, 'ana@hr.example', 10, NULL);
  INSERT INTO hr.event VALUES (1, '2024-02-03', 'Ana Event');
  INSERT INTO hr.base VALUES (1, 'Ana Base'); INSERT INTO hr.child VALUES (2, 'Ana Child', 'x', 'y');
  CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere;
  CREATE FOREIGN TABLE hr.far_away (a int, b int) SERVER far;
  CREATE VIEW hr.of_far AS SELECT b FROM hr.far_away;
  CREATE TABLE public.pg_class (mine int); CREATE TABLE public.both (a int); CREATE TABLE later.both (b int);
  CREATE TABLE hidden.secret (word text); CREATE TYPE later.pair AS (a int); CREATE INDEX by_note ON hr.audit (note);
  CREATE MATERIALIZED VIEW hr.whole_copy AS SELECT s::text AS line FROM hr.staff s;`;

let fixture: Fixture;
let admin: Client;
let reader: Connector;
let role: string;

beforeAll(async () => {
  fixture = await postgresEngine.start();
  await fixture.execute(OBJECTS);
  admin = await connectTo(fixture.url);
  role = `custard_masks_${process.pid}`;
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA hr, later TO ${role};
    GRANT SELECT (id, boss) ON hr.staff TO ${role}; GRANT SELECT ON later.both, hr.plain TO ${role};
    ALTER ROLE ${role} SET search_path = missing, later, public`);
  const settings = parseDatabaseUrl(fixture.url);
  if (settings.dialect !== 'postgres') throw new Error('No PostgreSQL URL.');
  reader = await openConnector({ ...settings, user: role, password: 'reader' });
});
afterAll(async () => {
  await reader.close();
  await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await admin.end();
  await fixture.stop();
});

const named = (text: string): TableName => {
  const [schema = '', name] = text.split('.');
  return name === undefined ? { schema: null, name: schema } : { schema, name };
};
const text = ({ schema, name }: TableName): string => `${schema}.${name}`;
const relations = (names: readonly string[], connector = fixture.connector): Promise<Relation[]> =>
  connector.relations({ tables: names.map(named), signal: never });
const reads = async (name: string): Promise<string[]> =>
  (await relations([name])).flatMap((relation) => relation.reads.map((read) => `${text(read)}.${read.column}`));
const parents = async (name: string): Promise<string[]> =>
  (await relations([name])).flatMap((relation) => relation.parents.map(text));

describe("PostgreSQL's relations", () => {
  it('have the columns that are still there', async () => {
    const [staff] = await relations(['hr.staff']);
    expect(staff?.columns.map(({ name }) => name)).toEqual(['id', 'email', 'salary', 'boss']);
  });

  it('read what their rules read, through views and materialized views', async () => {
    const staff = ['hr.staff.id', 'hr.staff.email', 'hr.staff.salary'];
    expect(await reads('hr.plain')).toEqual(staff);
    expect(await reads('hr.nested')).toEqual(['hr.audit.note', 'hr.plain.mail', ...staff]);
    expect(await reads('hr.kept')).toEqual(['hr.staff.email']);
    expect(await reads('hr.over_kept')).toEqual(['hr.kept.copy', 'hr.staff.email']);
    expect(await reads('hr.of_far')).toEqual(['hr.far_away.b']);
    expect(await reads('hr.staff')).toEqual([]);
  });

  it('read a table as a whole where the columns cannot be told', async () => {
    expect(await reads('hr.counted')).toEqual(['hr.staff.null']);
    expect(await reads('hr.whole')).toEqual(['hr.staff.null']);
    expect(await reads('hr.whole_copy')).toEqual(['hr.staff.null']);
    expect(await reads('hr.over_whole')).toEqual(['hr.staff.id', 'hr.staff.null', 'hr.whole.id', 'hr.whole.all_of_it']);
  });

  it('do not read what only a rule for writing names', async () => {
    expect(await reads('hr.ruled')).toEqual(['hr.staff.id']);
  });

  it("read the system's own tables, of which no dependency is kept", async () => {
    expect(await reads('hr.statistics')).toEqual(['pg_catalog.pg_statistic.null']);
    expect(await reads('hr.stats')).toEqual(
      expect.arrayContaining(['pg_catalog.pg_stats.histogram_bounds', 'pg_catalog.pg_statistic.null']),
    );
    expect(await reads('pg_stats')).toContain('pg_catalog.pg_statistic.null');
  });

  it('have the tables above them as parents, and so has what a view reads', async () => {
    expect(await parents('hr.event')).toEqual([]);
    expect(await parents('hr.event_2024_1')).toEqual(['hr.event_2024', 'hr.event']);
    expect(new Set(await parents('hr.child'))).toEqual(new Set(['hr.base', 'hr.other_base']));
    expect(await reads('hr.of_partition')).toEqual(['hr.event.who', 'hr.event_2024.who', 'hr.event_2024_1.who']);
  });

  it('are those the search path finds first, the system before all', async () => {
    const found = await relations(['pg_class', 'public.pg_class', 'both', 'pair', 'by_note', 'staff', "it's"]);
    expect(found.map(({ asked, name }) => [text(asked), text(name)])).toEqual([
      ['null.pg_class', 'pg_catalog.pg_class'],
      ['public.pg_class', 'public.pg_class'],
      ['null.both', 'public.both'],
    ]);
    const others = await relations(['both', 'staff', 'later.pair', 'hr.by_note'], reader);
    expect(others.map(({ name }) => text(name))).toEqual(['later.both']);
  });

  it('are told to a role with few rights', async () => {
    const found = await relations(['hidden.secret', 'hr.nested', 'hr.audit'], reader);
    expect(found.map(({ name }) => text(name))).toEqual(['hidden.secret', 'hr.nested', 'hr.audit']);
  });

  it('are told in time in a database of thousands', async () => {
    const many = Array.from({ length: 1_500 }, (_, index) => index);
    await fixture.execute(many.map((n) => `CREATE VIEW later.v${n} AS SELECT id, email FROM hr.staff;`).join(''));
    const since = performance.now();
    const found = await relations(many.slice(0, 300).map((n) => `later.v${n}`));
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(found.map((relation) => relation.reads.length)).toEqual(found.map(() => 2));
    expect(found).toHaveLength(300);
  });
});

describe('masks on PostgreSQL', () => {
  const masked = (table: string, column: string, isNamed = true): MaskedColumn => ({
    ...{ schema: named(table).schema, table: named(table).name, column },
    ...{ mask: 'null', isNamed },
  });
  const rows = async (sql: string, masks: readonly MaskedColumn[], connector = fixture.connector) =>
    (await collect(connector, sql, { masks, maskKey })).data;

  it('hold for the table that the statement names, a partition or the whole', async () => {
    expect(await rows('SELECT who, id FROM hr.event', [masked('hr.event', 'who')])).toEqual([[null, 1]]);
    expect(await rows('SELECT * FROM hr.event_2024_1', [masked('hr.event_2024_1', 'who', false)])).toEqual([
      [1, '2024-02-03', null],
    ]);
    expect(await rows('SELECT who FROM hr.base', [masked('hr.base', 'who')])).toEqual([[null], [null]]);
    expect(await rows('SELECT who, more FROM hr.child', [masked('hr.child', 'who')])).toEqual([[null, 'y']]);
  });

  it('refuse a row as a whole', async () => {
    for (const sql of ['SELECT s FROM hr.staff s', 'SELECT s, s.email FROM hr.staff s']) {
      await expect(rows(sql, [masked('hr.staff', 'email', false)])).rejects.toMatchObject({ code: 'POLICY_DENIED' });
    }
    expect(await rows('SELECT (s).email, (s.*).email FROM hr.staff s', [masked('hr.staff', 'email', false)])).toEqual([
      [null, null],
    ]);
  });

  it('need no right to the column that they mask', async () => {
    expect(await rows('SELECT id FROM hr.staff', [masked('hr.staff', 'email', false)], reader)).toEqual([[1]]);
    expect(await rows('SELECT mail FROM hr.plain', [masked('hr.plain', 'mail')], reader)).toEqual([[null]]);
  });

  it('leave types to be looked up beside them', async () => {
    await fixture.execute(
      "CREATE TYPE hr.state AS ENUM ('sad'); CREATE TABLE hr.felt (mood hr.state, also hr.state, who text)",
    );
    const { columns } = await collect(fixture.connector, 'SELECT * FROM hr.felt', {
      masks: [masked('hr.felt', 'also', false), { ...masked('hr.felt', 'who'), mask: 'partial' }],
      maskKey,
    });
    expect(columns).toEqual([
      { name: 'mood', type: 'state', kind: 'text' },
      { name: 'also', type: 'state', kind: 'text', masked: 'null' },
      { name: 'who', type: 'text', kind: 'text', masked: 'partial' },
    ]);
  });

  it('keep values out of what is found that a view or a child has copied', async () => {
    const find = (hidden: string, column: string, word: string) =>
      fixture.connector.findValues({
        texts: [word],
        skip: (table, name) => text(table) === hidden && (name === column || name === '*'),
        signal: never,
      });
    const tables = async (...parameters: Parameters<typeof find>) =>
      new Set((await find(...parameters)).map(({ schema, table }) => `${schema}.${table}`));
    await fixture.execute('REFRESH MATERIALIZED VIEW hr.kept; REFRESH MATERIALIZED VIEW hr.whole_copy');
    expect(await tables('nobody', '', 'ana@hr.example')).toEqual(new Set(['hr.kept', 'hr.staff']));
    expect(await tables('hr.staff', 'email', 'ana@hr.example')).toEqual(new Set());
    expect(await tables('hr.staff', 'salary', 'ana@hr.example')).toEqual(new Set(['hr.kept', 'hr.staff']));
    expect(await tables('hr.staff', 'salary', '(1,ana@hr.example,10,)')).toEqual(new Set());
    expect(await tables('nobody', '', 'Ana Child')).toEqual(new Set(['hr.base', 'hr.child']));
    expect(await tables('hr.base', 'who', 'Ana Child')).toEqual(new Set());
  });
});
