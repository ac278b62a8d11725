import type { DatabaseSync } from 'node:sqlite';
import type { Scan } from '#core/explanation.ts';
import { prepare } from './statement-run.ts';

/** SQLite tells which way it goes, and estimates nothing. https://sqlite.org/eqp.html */
const WORDS = 'EXPLAIN QUERY PLAN';

const SCAN = /^(SCAN|SEARCH) (.+?)(?: (?:VIRTUAL TABLE|USING|LEFT-JOIN|RIGHT-JOIN|EXISTS)\b.*)?$/;
/** Something the statement, or a view, makes itself: not a table. */
const MADE = /^(?:CO-ROUTINE|MATERIALIZE) (.+)$/;
const NO_TABLE = /^(?:\(|\d+ CONSTANT ROWS?$|CONSTANT ROW$)/;

export function explainStatement(database: DatabaseSync, statement: string): Scan[] {
  const rows: readonly unknown[] = prepare(database, `${WORDS}\n${statement}`).all();
  const steps = rows.flatMap((row) => (Array.isArray(row) ? [String(row[3])] : []));
  const made = new Set(steps.flatMap((step) => MADE.exec(step)?.[1] ?? []));
  return steps.flatMap((step) => scanOf(step, made));
}

function scanOf(step: string, made: ReadonlySet<string>): Scan[] {
  const [, way, name] = SCAN.exec(step) ?? [];
  if (name === undefined || made.has(name) || NO_TABLE.test(name)) return [];
  const access = step.includes(' VIRTUAL TABLE ') ? 'other' : way === 'SCAN' ? 'full' : 'index';
  return [{ table: { schema: null, name }, access, rows: null }];
}
