import { createSecretKey } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { constants, DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { MAX_ROW_BYTES, maskText } from 'custard/connector';
import { loadFolder } from './load-folder.js';

/** Does one job, which it reads from its standard input, and ends. */

const ROWS = 1;
const SAY = 3;

/** Waits for whoever reads: the pipes may be set not to. */
function writeAll(pipe, bytes) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(pipe, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** A line; readers of lines take these two characters for the end of one. */
const say = (message) => {
  const text = JSON.stringify(message).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  writeAll(SAY, Buffer.from(`${text}\n`));
};

/** In small pieces a row is never a system call of its own. */
class Output {
  bytes = 0;
  #parts = [];
  #held = 0;

  write(text) {
    this.bytes += Buffer.byteLength(text);
    this.#held += text.length;
    this.#parts.push(text);
    if (this.#held > 32_768) this.flush();
  }

  flush() {
    writeAll(ROWS, Buffer.from(this.#parts.join('')));
    this.#parts = [];
    this.#held = 0;
  }
}

/** Only what reads: https://sqlite.org/c3ref/c_alter_table.html. Beyond it stands the guard, with its list of functions. */
const READS = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
]);
const authorize = (action, _first, second) =>
  READS.has(action) && second !== 'load_extension' ? constants.SQLITE_OK : constants.SQLITE_DENY;

function prepare(database, statement) {
  database.setAuthorizer(authorize);
  const prepared = database.prepare(statement, { readBigInts: true, returnArrays: true });
  if (/[^\s;]/.test(statement.slice(prepared.sourceSQL.length))) throw new Error('more than one statement');
  return prepared;
}

const KINDS = { BOOLEAN: 'boolean', INTEGER: 'integer', REAL: 'float', TEXT: 'text', JSON: 'json' };

/** A column that comes from a table has its type there; an expression that of its first value. */
function typeOf({ type }, value) {
  if (type !== null) return type;
  if (value === undefined || value === null) return '';
  return typeof value === 'bigint'
    ? 'INTEGER'
    : typeof value === 'number'
      ? 'REAL'
      : typeof value === 'string'
        ? 'TEXT'
        : 'BLOB';
}

function toCell(value, type) {
  if (value === null || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (type === 'BOOLEAN') return value !== 0n;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** Of each column its mask or null. SQLite says of each from which table and column it comes. */
function masksOf(described, masks) {
  const isOf = (mask, { table, column }) => table === mask.table && column === mask.column;
  for (const mask of masks) {
    if (!mask.isNamed || described.some((column) => isOf(mask, column))) continue;
    throw Object.assign(new Error('cannot mask'), { column: `${mask.table}.${mask.column}` });
  }
  return described.map((column) => masks.find((mask) => isOf(mask, column))?.mask ?? null);
}

function run(database, { statement, rows: most, bytes, masks, key }) {
  const prepared = prepare(database, statement);
  const secret = createSecretKey(key, 'hex');
  const output = new Output();
  let [rows, truncated, types, shown] = [0, false, [], []];
  const announce = (row) => {
    const described = prepared.columns();
    types = described.map((column, index) => typeOf(column, row?.[index]));
    shown = masksOf(described, masks);
    const columns = described.map(({ name }, index) => ({
      ...{ name, type: types[index], kind: KINDS[types[index]] ?? (types[index] === 'BLOB' ? 'binary' : 'other') },
      mask: shown[index],
    }));
    say({ columns });
  };
  for (const row of prepared.iterate()) {
    if (rows === 0) announce(row);
    truncated = rows === most;
    if (truncated) break;
    const cells = row.map((value, index) => {
      const cell = toCell(value, types[index]);
      return shown[index] === null || cell === null ? cell : maskText(shown[index], String(cell), secret);
    });
    const line = `{"type":"row","row":${JSON.stringify(cells)}}\n`;
    if (Buffer.byteLength(line) > MAX_ROW_BYTES || output.bytes + line.length > bytes) throw new Error('too large');
    output.write(line);
    rows++;
  }
  if (rows === 0 && !truncated) announce(undefined);
  output.flush();
  return { rows, truncated };
}

function explain(database, { statement }) {
  const steps = prepare(database, `EXPLAIN QUERY PLAN\n${statement}`)
    .all()
    .map((row) => String(row[3]));
  const scans = steps.flatMap((step) => {
    const [, way, name] = /^(SCAN|SEARCH) (\w+)(?: USING .*)?$/.exec(step) ?? [];
    const made = steps.some((other) => /^(?:CO-ROUTINE|MATERIALIZE) /.test(other) && other.endsWith(` ${name}`));
    if (name === undefined || made) return [];
    return [{ table: { schema: null, name }, access: way === 'SCAN' ? 'full' : 'index', rows: null }];
  });
  return { scans };
}

function find(database, { texts, columns }) {
  const wanted = new Map(texts.filter((text) => text.trim() !== '').map((text) => [text.trim().toLowerCase(), text]));
  const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
  const found = columns.flatMap(({ table, column }) => {
    const values = database.prepare(`SELECT DISTINCT ${quoted(column)} AS value FROM ${quoted(table)}`);
    return [...values.iterate()].flatMap(({ value }) => {
      const text = wanted.get(String(value).trim().toLowerCase());
      return text === undefined ? [] : [{ text, schema: null, table, column, value: String(value) }];
    });
  });
  return { found };
}

const version = () => process.versions.sqlite;
const JOBS = {
  version: () => ({ version: version() }),
  tables: (_, __, tables) => ({ version: version(), tables }),
  explain,
  find,
};

/** Ends this process with the one that began it: SQLite does not let go of a thread while a statement runs. */
function endWith(parent) {
  const isGone = `process.ppid !== ${Number(parent)}`;
  new Worker(`setInterval(() => { if (${isGone}) process.kill(process.pid, 'SIGKILL'); }, 50)`, { eval: true }).unref();
}

try {
  const job = JSON.parse(readFileSync(0, 'utf8'));
  endWith(job.parent);
  const database = new DatabaseSync(':memory:');
  const tables = loadFolder(database, process.argv[2] ?? '');
  if (job.kind === 'run') say(run(database, job));
  else {
    const answer = JSON.stringify(JOBS[job.kind](database, job, tables));
    say({ columns: [] });
    const output = new Output();
    output.write(answer);
    output.flush();
    say({ rows: 1, truncated: false });
  }
} catch (error) {
  say({ failed: { message: error.message, column: error.column } });
}
process.exit();
