import { folded } from './emulator-types.ts';

interface Answer {
  readonly rowtype: readonly { readonly name: string; readonly type: string }[];
  readonly rowset: readonly (readonly (string | null)[])[];
  readonly returned: number;
  readonly total: number;
}

type Read = (sql: string) => Promise<{ getRowObjectsJson(): Record<string, unknown>[] }>;

function table(names: string, rows: readonly (readonly (string | null)[])[]): Answer {
  const rowtype = names.split(' ').map((name) => ({ name, type: 'text' }));
  return { rowtype, rowset: rows, returned: rows.length, total: rows.length };
}

const CONSTRAINTS = `
  SELECT schema_name, table_name, constraint_type, constraint_column_names, constraint_name,
         referenced_table, referenced_column_names FROM duckdb_constraints() WHERE database_name = 'SHOP'`;
const KEY = 'database_name schema_name table_name column_name key_sequence constraint_name';
const IMPORTED =
  'pk_database_name pk_schema_name pk_table_name pk_column_name fk_database_name fk_schema_name fk_table_name fk_column_name key_sequence fk_name';

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

async function keys(kind: string, read: Read): Promise<Answer> {
  const wanted = { PRIMARY: 'PRIMARY KEY', UNIQUE: 'UNIQUE', IMPORTED: 'FOREIGN KEY' }[kind];
  const found = (await read(CONSTRAINTS)).getRowObjectsJson().filter((row) => row['constraint_type'] === wanted);
  const rows = found.flatMap((row) => {
    const [schema, name, constraint] = [
      String(row['schema_name']),
      folded(String(row['table_name'])),
      String(row['constraint_name']),
    ];
    return texts(row['constraint_column_names']).map((column, index) => {
      const place = String(index + 1);
      if (kind !== 'IMPORTED') return ['SHOP', schema, name, folded(column), place, constraint];
      const target = [
        folded(String(row['referenced_table'])),
        folded(texts(row['referenced_column_names'])[index] ?? ''),
      ];
      return ['SHOP', schema, ...target, 'SHOP', schema, name, folded(column), place, constraint];
    });
  });
  return table(kind === 'IMPORTED' ? IMPORTED : KEY, rows);
}

/** Of the roles READER, which may read and is in WRITER, which may write and is in no other. */
const GRANTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  READER: [
    ['USAGE', 'DATABASE', 'SHOP'],
    ['SELECT', 'TABLE', 'SHOP.PUBLIC.CUSTOMER'],
    ['USAGE', 'ROLE', 'WRITER'],
  ],
  WRITER: [['INSERT', 'TABLE', 'SHOP.PUBLIC.CUSTOMER']],
};

/** Snowflake's form of a plan, with the tables that are in DuckDB's. */
async function planOf(sql: string, read: Read): Promise<Answer> {
  const [row] = (await read(`EXPLAIN (FORMAT json)\n${sql}`)).getRowObjectsJson();
  const tables = [...String(row?.['explain_value']).matchAll(/"Table": "([^"]+)"/g)].map(([, name = '']) => name);
  const operations = tables.map((name, id) => ({
    ...{ id, operation: 'TableScan', objects: [`SHOP.PUBLIC.${folded(name.split('.').at(-1) ?? '')}`] },
    ...{ partitionsTotal: 1, partitionsAssigned: 1, bytesAssigned: 1024 },
  }));
  const result = { id: tables.length, operation: 'Result' };
  const stats = {
    partitionsTotal: tables.length,
    partitionsAssigned: tables.length,
    bytesAssigned: 1024 * tables.length,
  };
  return table('content', [[JSON.stringify({ GlobalStats: stats, Operations: [[result, ...operations]] })]]);
}

/** What the connector asks that DuckDB has no words for; undefined for all else. */
export async function canned(sql: string, read: Read): Promise<Answer | undefined> {
  const [, kind] = /^SHOW (PRIMARY|UNIQUE|IMPORTED) KEYS IN DATABASE "SHOP"$/.exec(sql) ?? [];
  if (kind !== undefined) return await keys(kind, read);
  const [, explained] = /^EXPLAIN USING JSON\n([\s\S]*)$/.exec(sql) ?? [];
  if (explained !== undefined) return await planOf(explained, read);
  const [, role] = /^SHOW GRANTS TO ROLE "(.*)"$/.exec(sql) ?? [];
  if (role !== undefined) return table('privilege granted_on name', GRANTS[role] ?? []);
  if (sql.startsWith('SELECT CURRENT_VERSION()'))
    return table('VERSION DATABASE SCHEMA', [['9.33.1', 'SHOP', 'PUBLIC']]);
  if (sql.startsWith('SELECT CURRENT_ROLE()')) {
    return table('ROLE SECONDARY WAREHOUSE', [['READER', '{"roles":"","value":""}', 'SMALL']]);
  }
  return undefined;
}
