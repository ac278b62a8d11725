/**
 * Writes the name lists of DuckDB's guard from the catalogue of the engine that is installed:
 *
 *   node scripts/generate-duckdb-functions.ts
 *
 * Review the diff: a new name in ALLOWED is a new thing that strangers may run.
 */
import { writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import {
  NEWER_FUNCTIONS,
  REFUSED,
  REFUSED_RELATIONS,
  TABLE_FUNCTIONS,
  WITHOUT_ENTRY,
} from '../core/guard/dialects/duckdb/reviewed-functions.ts';

const TARGET = new URL('../core/guard/dialects/duckdb/function-names.ts', import.meta.url);

const FUNCTIONS = `
  select distinct function_name as name from duckdb_functions()
  where internal and function_type in ('scalar', 'aggregate', 'macro')`;
const TABLES = `
  select distinct function_name as name from duckdb_functions()
  where internal and function_type in ('table', 'table_macro', 'pragma')`;
const RELATIONS = `select distinct view_name as name from duckdb_views() where internal`;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
const isRefused = (name: string): boolean => REFUSED.some(({ names }) => names.test(name));

function constant(name: string, comment: string, list: Iterable<string>): string {
  const lines: string[] = [];
  let line = ' ';
  for (const word of [...new Set(list)].toSorted()) {
    if (line.length + word.length >= 118) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return `/** ${comment} */\nexport const ${name} = \`\n${[...lines, line].join('\n')}\n\`;\n`;
}

const connection = await (await DuckDBInstance.create(':memory:')).connect();
const names = async (sql: string): Promise<string[]> => {
  const rows = await (await connection.run(sql)).getRows();
  return rows.map(([name]) => String(name));
};
const [version] = await names('select version()');
const functions = [...(await names(FUNCTIONS)), ...words(WITHOUT_ENTRY), ...words(NEWER_FUNCTIONS)];
const tables = await names(TABLES);
const allowed = new Set([...functions.filter((name) => !isRefused(name))]);
const tableFunctions = words(TABLE_FUNCTIONS).filter((name) => tables.includes(name));
const known = new Set([...allowed, ...tableFunctions]);
await writeFile(
  TARGET,
  [
    `// Made by scripts/generate-duckdb-functions.ts from the catalogue of DuckDB ${version}. Do not edit.\n`,
    constant('ALLOWED_FUNCTIONS', 'Functions and operators that a read may call.', allowed),
    constant('TABLE_FUNCTIONS', 'Functions that may stand in FROM.', tableFunctions),
    constant(
      'REFUSED_FUNCTIONS',
      'The other functions of the catalogue; known only to say why.',
      [...functions, ...tables].filter((name) => !known.has(name)),
    ),
    constant(
      'SYSTEM_RELATIONS',
      'Built-in views that a read may name.',
      (await names(RELATIONS)).filter((name) => !words(REFUSED_RELATIONS).includes(name)),
    ),
  ].join('\n'),
);
