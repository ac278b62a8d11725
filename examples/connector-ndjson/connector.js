import { statSync } from 'node:fs';
import { CustardError, cannotMask, explanation, maskedColumn, NO_PLAN, toPosture } from 'custard/connector';
import { work } from './work.js';

/**
 * A folder of NDJSON files: each `NAME.ndjson` is a table NAME, each line an object. They are read into an SQLite database in
 * memory, in a process of its own for each statement: so a statement that is not wanted any more is ended by ending that.
 *
 * @type {import('custard/connector').ConnectorModule}
 */
export const connector = {
  api: 1,
  dialect: 'sqlite',
  async open({ url }) {
    if (url === null) {
      throw new CustardError('CONFIG_INVALID', 'DB_URL names no folder.', { hint: 'Set DB_URL=/path/of/the/folder' });
    }
    return new NdjsonConnector(url);
  },
};

const PING_MS = 10_000;
const DESCRIBE_MS = 60_000;
const FIND_MS = 2_000;

/** @implements {import('custard/connector').Connector} */
class NdjsonConnector {
  dialect = /** @type {const} */ ('sqlite');
  #folder;
  #closed = false;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  async ping({ signal }) {
    return await this.#answer({ kind: 'version' }, { timeoutMs: PING_MS, signal });
  }

  /** On one page: a folder has few files. */
  async describe({ signal }, onPage) {
    const { version, tables } = await this.#tables(signal);
    onPage({ version, defaultSchemas: [], tables });
  }

  async run({ statement, limits, masks, maskKey, signal }, sink) {
    const plain = masks.map(({ table, column, mask, isNamed }) => ({ table, column, mask, isNamed }));
    const job = {
      kind: 'run',
      statement,
      rows: limits.rows,
      bytes: limits.bytes,
      masks: plain,
      key: maskKey.toString('hex'),
    };
    return await this.#work(
      job,
      { timeoutMs: limits.timeoutMs, signal },
      {
        columns: (columns) => sink.columns(columns.map(({ mask, ...column }) => maskedColumn(column, mask))),
        chunk: (bytes) => sink.chunk(bytes),
      },
    );
  }

  /** Of a large folder as much as is looked through in time. */
  async findValues({ texts, skip, signal }) {
    if (texts.length === 0) return [];
    const { tables } = await this.#tables(signal);
    const columns = tables.flatMap((table) =>
      table.columns
        .filter(({ name, kind }) => kind === 'text' && !skip({ schema: null, name: table.name }, name))
        .map(({ name }) => ({ table: table.name, column: name })),
    );
    try {
      return (await this.#answer({ kind: 'find', texts, columns }, { timeoutMs: FIND_MS, signal })).found;
    } catch (error) {
      if (error.code === 'QUERY_TIMEOUT') return [];
      throw error;
    }
  }

  /** There are no views, and so nothing is behind a name but its own table. */
  async relations({ tables, signal }) {
    if (tables.length === 0) return [];
    const described = (await this.#tables(signal)).tables;
    return tables.flatMap((asked) => {
      const isMeant = (table) => table.name.toLowerCase() === asked.name.toLowerCase();
      const table = [null, 'main'].includes(asked.schema) ? described.find(isMeant) : undefined;
      if (table === undefined) return [];
      const columns = table.columns.map(({ name }) => ({ name, aliases: [] }));
      return [{ asked, name: { schema: null, name: table.name }, parents: [], columns, reads: [] }];
    });
  }

  async posture({ signal }) {
    await this.ping({ signal });
    return toPosture([], `chmod -R a-w '${this.#folder.replaceAll("'", "'\\''")}'\n`);
  }

  async explain({ statement, timeoutMs, signal }) {
    if (/^\s*explain\b/i.test(statement)) return NO_PLAN;
    const { scans } = await this.#answer({ kind: 'explain', statement }, { timeoutMs, signal });
    return explanation({ scans });
  }

  async transport() {
    return { isLocal: true, encryption: 'none', protocol: null, cipher: null };
  }

  async close() {
    this.#closed = true;
  }

  async #tables(signal) {
    return await this.#answer({ kind: 'tables' }, { timeoutMs: DESCRIBE_MS, signal });
  }

  /** A job whose answer is one piece of JSON. */
  async #answer(job, options) {
    const parts = [];
    await this.#work(job, options, { columns: () => undefined, chunk: (bytes) => void parts.push(bytes) });
    return JSON.parse(Buffer.concat(parts).toString());
  }

  async #work(job, options, sink) {
    if (this.#closed)
      throw new CustardError('DATABASE_UNREACHABLE', 'The connector is closed.', { hint: 'Open it anew.' });
    if (!statSync(this.#folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new CustardError('DATABASE_NOT_FOUND', `There is no folder ${this.#folder}.`, { hint: 'Check DB_URL.' });
    }
    const end = await work(this.#folder, job, options, sink);
    if (end.failed === undefined) return end;
    throw toError(end.failed, job);
  }
}

/** What the engine said, by its code: https://sqlite.org/rescode.html. Code 1 stands for many things. */
const BY_MESSAGE = [
  [/^no such table: /, 'RELATION_NOT_FOUND'],
  [/^no such column: /, 'COLUMN_NOT_FOUND'],
  [/^not authorized to use function: /, 'FUNCTION_NOT_ALLOWED'],
  [/syntax error$|^incomplete input$|^unrecognized token/, 'STATEMENT_INVALID'],
  [/^not authorized|^attempt to write a readonly database/, 'NOT_READ_ONLY'],
  [/^cannot mask$/, 'POLICY_DENIED'],
  [/^more than one statement$/, 'MULTIPLE_STATEMENTS'],
  [/^too large$/, 'RESULT_TOO_LARGE'],
];

function toError({ message, column }) {
  if (message === 'cannot mask') return cannotMask(column);
  const code = BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? 'QUERY_FAILED';
  const text = code === 'RESULT_TOO_LARGE' ? 'The result, or a row of it, is too large.' : `SQLite: ${message}`;
  return new CustardError(code, text, { hint: 'Change the statement, or ask for less.' });
}
