import { classify } from '#core/guard/dialects/duckdb/classify.ts';
import { fold } from '#core/guard/dialects/duckdb/nodes.ts';
import { FileMacro } from './failures.ts';
import { parse } from './parse.ts';
import type { Task } from './task.ts';

/**
 * A macro of the file comes before the built-in function of the same name, which is the one that the guard has judged: it
 * may read any table, whatever a policy says. A view may call one: what views read is asked for elsewhere. Throws FileMacro.
 */
export async function refuseMacros(task: Task, statement: string): Promise<void> {
  const macros = await task.macros();
  if (macros.size === 0) return;
  const tree = await parse(task.connection, statement);
  const { functions, operators } = tree === undefined ? NONE : classify(tree, (bytes) => bytes).facts;
  const called = [...functions, ...operators].find(({ name }) => macros.has(fold(name)));
  if (called !== undefined || tree === undefined) throw new FileMacro(called?.name ?? '');
}

const NONE = { functions: [], operators: [] };
