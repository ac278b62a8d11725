import type { Scan } from '#core/explanation.ts';
import { HoldsNul } from './failures.ts';
import { query, text } from './query.ts';
import { refuseMacros } from './refuse-macros.ts';
import { prepare } from './statement-run.ts';
import type { Task } from './task.ts';

/** https://duckdb.org/docs/stable/guides/meta/explain */
const WORDS = 'EXPLAIN (FORMAT json)';

interface Planned {
  readonly rows: number | null;
  readonly scans: readonly Scan[];
}

/** In a transaction that only reads; the statement has to be one that could be run. */
export async function explainStatement(task: Task, statement: string): Promise<Planned> {
  if (statement.includes('\0')) throw new HoldsNul();
  await task.connection.run('BEGIN TRANSACTION READ ONLY');
  await prepare(task, statement);
  await refuseMacros(task, statement);
  task.throwIfInterrupted();
  const rows = await query(task.connection, `${WORDS}\n${statement}`);
  const physical = rows.find((row) => text(row, 'explain_key') === 'physical_plan');
  const nodes = nodesOf(JSON.parse(text(physical, 'explain_value') || '[]'));
  return { rows: nodes[0]?.rows ?? null, scans: nodes.flatMap(scanOf) };
}

interface PlanNode {
  readonly table: string;
  readonly type: string;
  readonly rows: number | null;
}

/** From the top. This runs in the worker, which has no zod: it is looked at field by field. */
function nodesOf(json: unknown): PlanNode[] {
  if (Array.isArray(json)) return json.flatMap(nodesOf);
  if (!(json instanceof Object) || !('extra_info' in json) || !(json.extra_info instanceof Object)) return [];
  const info = new Map(Object.entries(json.extra_info));
  const said = (name: string): string => (typeof info.get(name) === 'string' ? String(info.get(name)) : '');
  const rows = said('Estimated Cardinality');
  const node = { table: said('Table'), type: said('Type'), rows: rows === '' ? null : Number(rows) };
  return [node, ...('children' in json ? nodesOf(json.children) : [])];
}

function scanOf({ table, type, rows }: PlanNode): Scan[] {
  if (table === '') return [];
  const access = type === 'Sequential Scan' ? 'full' : type === 'Index Scan' ? 'index' : 'other';
  return [{ table: nameOf(table), access, rows }];
}

/** The plan quotes names where it has to, and may say database and schema before them. */
function nameOf(table: string): { readonly schema: string | null; readonly name: string } {
  const parts = [...table.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? table };
}
