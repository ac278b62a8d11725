/**
 * Writes the guard's function lists for MySQL and MariaDB:
 *
 *   node scripts/generate-mysql-functions.ts mysql_9_7.txt mariadb_10_11.txt
 *
 * MySQL's list is `select name, category from mysql.help_topic …`, a name and a tab a line; MariaDB's is
 * `select function from information_schema.sql_functions`. Review the diff: a new name is a new thing that strangers may
 * run.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  NO_FUNCTIONS,
  REFUSED_FUNCTIONS,
  UNLISTED,
  UNLISTED_MARIADB,
  UNLISTED_MYSQL,
} from '../core/guard/dialects/mysql/reviewed-functions.ts';
import { words } from '../core/guard/words.ts';

const TARGET = new URL('../core/guard/dialects/mysql/', import.meta.url);
const WIDTH = 118;

async function listedIn(path: string): Promise<string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  const names = lines.map((line) => (line.split('\t')[0] ?? '').replace(/ FUNCTION$|\(\)$/, '').toLowerCase());
  // Operators and titles of chapters are in MySQL's list too.
  return names.filter((name) => /^[a-z]\w*$/.test(name));
}

async function write(engine: string, listPath: string, unlisted: string): Promise<void> {
  const left = words(NO_FUNCTIONS, ...REFUSED_FUNCTIONS.map(({ names }) => names));
  const all = new Set([...(await listedIn(listPath)), ...words(UNLISTED, unlisted)]);
  const names = [...all].filter((name) => !left.has(name)).sort((a, b) => (a < b ? -1 : 1));
  const source = basename(listPath, '.txt');
  const text = `// Made by scripts/generate-mysql-functions.ts from ${source} and reviewed-functions.ts. Do not edit.

/** Functions that a read may call. */
export const ALLOWED_FUNCTIONS = \`
${wrap(names)}
\`;
`;
  await writeFile(new URL(`${engine}-functions.ts`, TARGET), text);
}

function wrap(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + name.length > WIDTH) lines.push(`  ${name}`);
    else lines[lines.length - 1] = `${last} ${name}`;
  }
  return lines.join('\n');
}

const [mysqlList, mariadbList] = process.argv.slice(2);
if (mysqlList === undefined || mariadbList === undefined) throw new Error('Give the list of MySQL, then of MariaDB.');
await write('mysql', mysqlList, UNLISTED_MYSQL);
await write('mariadb', mariadbList, UNLISTED_MARIADB);
