import type { Statements } from './statements.ts';

const asItIs = (sql: string): string => sql;

/** For an engine of SQL; `quoted` makes of names in double quotes what the engine takes. */
export function sqlStatements(quoted: (sql: string) => string = asItIs): Statements {
  const hidden = [
    ['SELECT upper(name) FROM customer', 'customer', 'name'],
    ['SELECT note FROM customer', 'customer', 'name'],
    ['SELECT name FROM supplier WHERE id < 0', 'customer', 'name'],
    ['SELECT name FROM customer UNION ALL SELECT upper(note) FROM customer WHERE id < 0', 'supplier', 'name'],
    ['SELECT id FROM customer', 'customer', 'no_such_column'],
    ['SELECT id FROM customer', 'no_such_table', 'name'],
  ] as const;
  return {
    one: 'SELECT 1',
    value: (sample) => `SELECT ${sample}`,
    customers: 'SELECT id, name, note FROM customer ORDER BY id',
    twice: 'SELECT name, id, name FROM customer ORDER BY id',
    noCustomers: 'SELECT id, name FROM customer WHERE id < 0',
    orders: quoted('SELECT id FROM "order"'),
    customer: (id) => `SELECT name FROM customer WHERE id = ${id}`,
    customerStar: (id) => `SELECT * FROM customer WHERE id = ${id}`,
    notes: 'SELECT note FROM customer ORDER BY id',
    countCustomers: 'SELECT count(*) FROM customer',
    valued: 'SELECT * FROM valued',
    wideOne: quoted('SELECT plain, "Größe ""x""" FROM "Wide One" ORDER BY id'),
    buyers: quoted('SELECT "Called", number FROM buyer'),
    noColumn: 'SELECT missing FROM customer',
    noTable: 'SELECT name FROM nowhere',
    made: 'SELECT * FROM made',
    renamed: 'SELECT note, name, id AS name, c.name AS x, name FROM customer AS c ORDER BY id LIMIT 2',
    joined: 'SELECT s.*, c.* FROM supplier s JOIN customer c ON c.id = s.id ORDER BY s.id',
    hidden: hidden.map(([statement, table, column]) => ({ statement, table, column })),
    planned: { one: 'SELECT name FROM customer WHERE id = 2', all: 'SELECT note FROM customer' },
  };
}

/** Tables and a view for the masks, of `valued` the columns as given; texts as in standard SQL. */
export function maskTables(values: readonly { readonly type: string; readonly sql: string }[]): string {
  return `
    CREATE TABLE valued (${values.map(({ type }, index) => `c${index} ${type}`).join(', ')});
    INSERT INTO valued VALUES (${values.map(({ sql }) => sql).join(', ')});
    CREATE TABLE "Wide One" (id integer PRIMARY KEY, "Größe ""x""" text, plain text);
    CREATE TABLE supplier (id integer PRIMARY KEY, name text);
    INSERT INTO supplier VALUES (1, 'Supplies'), (2, NULL);
    CREATE VIEW buyer AS SELECT id AS number, name AS "Called", length(name) AS "Length" FROM customer`;
}
