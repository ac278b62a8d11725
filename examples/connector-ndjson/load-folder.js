import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

/** Makes a table of each NDJSON file of the folder, and gives them as `describe` does. */
export function loadFolder(database, folder) {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.ndjson'))
    .sort();
  return files.map((file) => loadFile(database, join(folder, file), file.slice(0, -'.ndjson'.length)));
}

function loadFile(database, path, name) {
  const lines = readFileSync(path, 'utf8').split('\n');
  const rows = lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line, exactIntegers));
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names.map((column) => describeColumn(column, rows));
  if (columns.length > 0) {
    const types = columns.map((column) => `${quoted(column.name)} ${column.type}`);
    database.exec(`CREATE TABLE ${quoted(name)} (${types.join(', ')})`);
    const insert = database.prepare(`INSERT INTO ${quoted(name)} VALUES (${names.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(...names.map((column) => toValue(row[column])));
  }
  return {
    ...{ schema: null, name, kind: 'table', comment: null, columns, primaryKey: [], foreignKeys: [], uniqueKeys: [] },
    ...{ rowEstimate: rows.length, readable: true },
  };
}

const KINDS = { BOOLEAN: 'boolean', INTEGER: 'integer', REAL: 'float', TEXT: 'text', JSON: 'json' };

function describeColumn(name, rows) {
  const values = rows.map((row) => row[name]).filter((value) => value !== undefined && value !== null);
  const types = new Set(values.map(typeOf));
  if (types.has('REAL')) types.delete('INTEGER');
  const [type] = types.size === 1 ? types : ['TEXT'];
  return { name, type, kind: KINDS[type], nullable: values.length < rows.length, comment: null };
}

function typeOf(value) {
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'bigint' || Number.isInteger(value)) return 'INTEGER';
  if (typeof value === 'number') return 'REAL';
  return typeof value === 'string' ? 'TEXT' : 'JSON';
}

function toValue(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** A number of JSON's has no limit, one of JavaScript's has. */
function exactIntegers(_key, value, context) {
  const { source = '' } = context ?? {};
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d{1,18}$/.test(source)
    ? BigInt(source)
    : value;
}
