/** A statement run for many rows at once: row by row where that is free (SQLite), as one statement elsewhere. */
export interface BulkStatement {
  readonly columns: readonly string[];
  readonly sqlite: string;
  readonly postgres: string;
}

type ColumnTypes = Readonly<Record<string, 'text' | 'integer' | 'bigint' | 'double precision'>>;

export function bulkInsert(table: string, types: ColumnTypes): BulkStatement {
  const columns = Object.keys(types);
  const into = `INSERT INTO ${table} (${columns.join(', ')})`;
  return {
    columns,
    sqlite: `${into} VALUES (${columns.map(() => '?').join(', ')})`,
    postgres: `${into} SELECT * FROM ${unnest(types)}`,
  };
}

/** Sets every column but `key` in the rows whose key is given, where `condition` holds. */
export function bulkUpdate(table: string, types: ColumnTypes, key: string, condition: string): BulkStatement {
  const set = Object.keys(types).filter((column) => column !== key);
  return {
    columns: [...set, key],
    sqlite: `UPDATE ${table} SET ${set.map((column) => `${column} = ?`).join(', ')} WHERE ${key} = ? AND ${condition}`,
    postgres:
      `UPDATE ${table} SET ${set.map((column) => `${column} = given.${column}`).join(', ')} ` +
      `FROM ${unnest(Object.fromEntries([...set, key].map((column) => [column, types[column] ?? 'text'])))} ` +
      `AS given(${[...set, key].join(', ')}) WHERE ${table}.${key} = given.${key} AND ${table}.${condition}`,
  };
}

function unnest(types: ColumnTypes): string {
  return `unnest(${Object.values(types)
    .map((type, index) => `$${index + 1}::${type}[]`)
    .join(', ')})`;
}
