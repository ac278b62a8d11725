/**
 * The process that has DuckDB's parser. It runs hostile text through native code, which may crash or never end; a
 * process of its own can be killed.
 *
 * Started with a pipe as its file 3: a line per statement (a JSON string) comes in, a line of JSON goes out, in the same
 * order. Ends itself when the pipe does, which is when its parent ends, however that is.
 */
import { Socket } from 'node:net';
import type { DuckDBPreparedStatement } from '@duckdb/node-api';

const PIPE_FD = 3;
/** The parent starts a fresh process. */
const MAX_MEMORY_BYTES = 512 * 1024 * 1024;
const CHECK_MEMORY_EVERY = 256;
/** Characters of statements that go through the engine together: what a query costs beside the parsing is shared. */
const MAX_BATCH = 16 * 1024;

/** Nothing of the machine is within reach of this instance, and nothing of it can be changed any more. */
const CONFIGURATION = {
  ...{ enable_external_access: 'false', autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' },
  ...{ allow_community_extensions: 'false', threads: '1', memory_limit: '256MB', lock_configuration: 'true' },
};
/** The statements are values, never a part of the text. */
const SERIALIZE = `select json_serialize_sql(statement, skip_default := true, skip_null := true, skip_empty := true)`;
const ONE = `${SERIALIZE} from (select $1::varchar as statement)`;
const MANY = `${SERIALIZE} from (select unnest($1::varchar[]) as statement)`;

/** The trees of some statements, one each. */
type Serialize = (statements: readonly string[]) => Promise<string[]>;

/** Null where the engine is not installed: it is an optional dependency, and this platform may have none. */
async function openEngine(): Promise<Serialize | null> {
  const engine = await import('@duckdb/node-api').catch(() => null);
  if (engine === null) return null;
  const connection = await (await engine.DuckDBInstance.create(':memory:', CONFIGURATION)).connect();
  const [one, many] = [await connection.prepare(ONE), await connection.prepare(MANY)];
  const run = async (prepared: DuckDBPreparedStatement, count: number): Promise<string[]> => {
    const chunk = await (await prepared.run()).fetchChunk();
    const column = chunk?.getColumnVector(0);
    return Array.from({ length: count }, (_, row) => String(column?.getItem(row)));
  };
  const runOne = async (statement: string): Promise<string> => {
    one.bindVarchar(1, statement);
    const [tree] = await run(one, 1).catch(() => []);
    return tree ?? '{"error":true,"error_type":"broken"}';
  };
  return async (statements) => {
    if (statements.length > 1) {
      many.bindList(1, engine.listValue(statements), engine.LIST(engine.VARCHAR));
      const trees = await run(many, statements.length).catch(() => null);
      if (trees !== null) return trees;
    }
    const trees: string[] = [];
    for (const statement of statements) trees.push(await runOne(statement));
    return trees;
  };
}

/** Answers what has come in, while the pipe keeps being read: its end must be seen at once. */
function serve(pipe: Socket, serialize: Serialize): void {
  const waiting: string[] = [];
  let pending = '';
  let count = 0;
  let isBusy = false;
  const work = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    while (waiting.length > 0) {
      const batch = takeBatch(waiting);
      pipe.write(`${(await serialize(batch)).join('\n')}\n`);
      count += batch.length;
      if (count > CHECK_MEMORY_EVERY && process.memoryUsage.rss() > MAX_MEMORY_BYTES) await retire(pipe);
      if (count > CHECK_MEMORY_EVERY) count = 0;
    }
    isBusy = false;
  };
  pipe.on('data', (chunk: string) => {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    // Written by the same program at the other end of the pipe: not parsed a second time.
    waiting.push(...lines.map((line) => JSON.parse(line)));
    void work();
  });
}

function takeBatch(waiting: string[]): string[] {
  let length = 0;
  const end = waiting.findIndex((statement) => {
    length += statement.length;
    return length > MAX_BATCH;
  });
  return waiting.splice(0, end < 0 ? waiting.length : Math.max(1, end));
}

async function retire(pipe: Socket): Promise<void> {
  await new Promise<void>((resolve) => pipe.write('{"retiring":true}\n', () => resolve()));
  process.exit();
}

const pipe = new Socket({ fd: PIPE_FD });
pipe.setEncoding('utf8');
// At once, even in the middle of a statement, for which an orderly exit would wait.
for (const event of ['end', 'close', 'error']) pipe.on(event, () => process.kill(process.pid, 'SIGKILL'));
const serialize = await openEngine();
if (serialize !== null) serve(pipe, serialize);
pipe.write(`${JSON.stringify({ ready: serialize !== null })}\n`);
