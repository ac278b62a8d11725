/**
 * Messages to a PostgreSQL server.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

const EMPTY = Buffer.alloc(0);

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  const head = Buffer.allocUnsafe(5);
  head.write(type, 0, 'latin1');
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, ...parts], length + 1);
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`);

function int16(...values: readonly number[]): Buffer {
  const buffer = Buffer.allocUnsafe(values.length * 2);
  values.forEach((value, index) => {
    buffer.writeInt16BE(value, index * 2);
  });
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(4);
  buffer.writeInt32BE(value);
  return buffer;
}

const NO_NAME = text('');

/** An unnamed statement, so that nothing is assumed of the session by the next one (PgBouncer). */
const parse = (sql: string): Buffer => message('P', NO_NAME, text(sql), int16(0));

/** The unnamed statement's portal with its parameters; parameters and results in text format. */
function bind(parameters: readonly string[]): Buffer {
  const values = parameters.flatMap((parameter) => {
    const bytes = Buffer.from(parameter);
    return [int32(bytes.length), bytes];
  });
  return message('B', NO_NAME, NO_NAME, int16(0, parameters.length), ...values, int16(0));
}

const DESCRIBE_PORTAL = message('D', Buffer.from('P\0'));
/** All rows: the portal is read as fast as we read the socket, and may use parallel workers, as no other can. */
const EXECUTE = message('E', NO_NAME, int32(0));
const SYNC = message('S', EMPTY);
/** Locks that functions take for the session are no part of the transaction; all else of a query's is. */
const ROLLBACK = message('Q', text('ROLLBACK; SELECT pg_catalog.pg_advisory_unlock_all()'));

const run = (sql: string, parameters: readonly string[] = []): Buffer =>
  Buffer.concat([parse(sql), bind(parameters), EXECUTE]);
const BEGIN_READ_ONLY = run('BEGIN READ ONLY');

interface Batch {
  readonly setup: string;
  readonly before: { readonly statement: string; readonly parameters: readonly string[] } | undefined;
  readonly statement: string;
  readonly parameters: readonly string[] | undefined;
}

/**
 * One statement in a read-only transaction of its own, as one write and one round trip.
 *
 * All up to Sync is one pipeline: when one message of it fails, the server skips the rest, so the
 * statement runs in the read-only transaction or not at all. `setup` is a query, after which the
 * server no longer lets a transaction become READ WRITE. The end is always ROLLBACK: it also
 * undoes what a statement may have SET for the session. `before` is run in between, and its rows come first.
 */
export function readOnlyBatch({ setup, before, statement, parameters = [] }: Batch): Buffer {
  return Buffer.concat([
    BEGIN_READ_ONLY,
    run(setup),
    ...(before === undefined ? [] : [run(before.statement, before.parameters)]),
    parse(statement),
    bind(parameters),
    DESCRIBE_PORTAL,
    EXECUTE,
    SYNC,
    ROLLBACK,
  ]);
}
