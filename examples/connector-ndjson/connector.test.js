import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CUSTOMERS, describeConnector, SUPPLIERS, sqlStatements } from 'custard/connector-suite';
import { connector } from './connector.js';

const NO_VIEWS = 'A folder of files has no views.';
const NO_KEYS = 'A file declares no keys.';

/** Columns of the one row of `valued`, and the text that masks make of each. */
const VALUED = [
  ['ana@example.org', 'ana@example.org'],
  ['', ''],
  [null, null],
  ['Ünal 🦆🦆 " \\', 'Ünal 🦆🦆 " \\'],
  [-2_147_483_648, '-2147483648'],
  [0.1, '0.1'],
  [true, 'true'],
  [{ a: [1, 'x'] }, '{"a":[1,"x"]}'],
];

const counted = (rows) => `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT ${rows})`;
const value = (sql, cell, type, kind) => ({ sql, cell, type, kind });

async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'custard-ndjson-'));
  const write = (name, rows) =>
    writeFile(join(folder, `${name}.ndjson`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await write(
    'customer',
    CUSTOMERS.map(([id, name, email, note]) => ({ id, name, email, note })),
  );
  await write('order', [{ id: 1, customer_id: 1, total: 12.5, placed_at: '2024-02-29T12:00:00Z' }]);
  await write('exact', [{ big: 1, yes: true, list: [1, 'x'] }]);
  const openAt = (url) =>
    connector.open({ url, host: null, port: null, user: null, password: null, name: null, sessions: 10 });
  const opened = await openAt(folder);
  return {
    ...{ connector: opened, schema: null, url: folder, statements: sqlStatements() },
    described: [
      ['id', 'integer', false],
      ['name', 'text', false],
      ['email', 'text', false],
      ['note', 'text', true],
    ],
    orderKinds: ['float', 'text'],
    values: [
      value('9223372036854775807', '9223372036854775807', 'INTEGER', 'integer'),
      value('0.1 + 0.2', 0.30000000000000004, 'REAL', 'float'),
      value('NULL', null, '', 'other'),
      value("''", '', 'TEXT', 'text'),
      value("x'00ff'", '\\x00ff', 'BLOB', 'binary'),
      value('yes FROM exact', true, 'BOOLEAN', 'boolean'),
      value('list FROM exact', '[1,"x"]', 'JSON', 'json'),
      value("'Grüße 陳大文 🦆 \u2028'", 'Grüße 陳大文 🦆 \u2028', 'TEXT', 'text'),
    ],
    maskedTexts: VALUED.map(([, text]) => text),
    series: (rows, width = 100) => `${counted(rows)} SELECT n, printf('%.${width}c', 'x') AS filler FROM c`,
    endless: 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c',
    wideText: (characters) => `SELECT replace(printf('%.${characters}c', 'u'), 'u', 'ü') AS wide`,
    writes: [
      "INSERT INTO customer VALUES (9, 'x', 'x', NULL)",
      'CREATE TABLE made (a)',
      "ATTACH 'x' AS other",
      'BEGIN',
    ],
    failures: [
      { sql: 'SELECT * FROM nowhere', code: 'RELATION_NOT_FOUND' },
      { sql: 'SELECT nowhere FROM customer', code: 'COLUMN_NOT_FOUND' },
      { sql: 'SELEC 1', code: 'STATEMENT_INVALID' },
      { sql: 'SELECT 1; SELECT 2', code: 'MULTIPLE_STATEMENTS' },
    ],
    wrong: { missing: () => openAt(join(folder, 'nowhere')) },
    async elsewhere(statement, timeoutMs) {
      const program = join(import.meta.dirname, 'forever.js');
      const child = spawn(process.execPath, [program, folder, statement, String(timeoutMs)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      return child;
    },
    async addMaskTables() {
      await write('valued', [Object.fromEntries(VALUED.map(([one], index) => [`c${index}`, one]))]);
      await write(
        'supplier',
        SUPPLIERS.map(([id, name]) => ({ id, name })),
      );
    },
    addWideRows: (rows) =>
      write(
        'Wide One',
        rows.map(([id, masked, plain]) => ({ id, 'Größe "x"': masked, plain })),
      ),
    execute: async () => undefined,
    running: () => processesWith(folder),
    stop: () => rm(folder, { recursive: true }),
  };
}

/** What was started with the folder to read it. */
async function processesWith(folder) {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const ours = await Promise.all(
    ids.map(async (id) => {
      const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      return command.includes('worker.js') && command.split('\0').includes(folder);
    }),
  );
  return ours.filter(Boolean).length;
}

describeConnector({
  name: 'ndjson (the example)',
  dialect: 'sqlite',
  absent: {
    unreachable: 'A folder has no server.',
    password: 'A folder has no password.',
    keys: NO_KEYS,
    'foreign keys': NO_KEYS,
    views: NO_VIEWS,
    'relations of views': NO_VIEWS,
    'mask view': NO_VIEWS,
  },
  start,
});
