import type { SQLOutputValue } from 'node:sqlite';
import type { Column, ValueKind } from '#core/values.ts';

/** By what a declared type's name holds, the first that fits; dates before SQLite's own affinity rules. */
const BY_NAME: readonly (readonly [RegExp, ValueKind])[] = [
  [/BOOL/, 'boolean'],
  [/TIMESTAMP|DATETIME/, 'timestamp'],
  [/DATE/, 'date'],
  [/\bTIME\b/, 'time'],
  [/UUID|UNIQUEIDENTIFIER/, 'uuid'],
  [/JSON/, 'json'],
  // https://sqlite.org/datatype3.html#determination_of_column_affinity
  [/INT/, 'integer'],
  [/CHAR|CLOB|TEXT/, 'text'],
  [/BLOB/, 'binary'],
  [/REAL|FLOA|DOUB/, 'float'],
  [/DEC|NUMERIC|MONEY/, 'decimal'],
];

/** What a column declared so is meant to hold. SQLite does not enforce it: a BOOLEAN's cells are 0 and 1. */
export function kindOfDeclared(type: string): ValueKind {
  const upper = type.toUpperCase();
  return BY_NAME.find(([pattern]) => pattern.test(upper))?.[1] ?? 'other';
}

interface StatementColumn {
  readonly name: string;
  /** As declared; null for an expression. */
  readonly type: string | null;
}

/** An expression has no declared type: its first value tells. */
export function resultColumns(
  columns: readonly StatementColumn[],
  firstRow: readonly SQLOutputValue[] | undefined,
): Column[] {
  return columns.map(({ name, type }, index) =>
    type === null || type === ''
      ? { name, ...storedType(firstRow?.[index]) }
      : { name, type, kind: kindOfDeclared(type) },
  );
}

function storedType(value: SQLOutputValue | undefined): { readonly type: string; readonly kind: ValueKind } {
  switch (typeof value) {
    case 'string':
      return { type: 'TEXT', kind: 'text' };
    case 'bigint':
      return { type: 'INTEGER', kind: 'integer' };
    case 'number':
      return { type: 'REAL', kind: 'float' };
    default:
      return value === null || value === undefined ? { type: '', kind: 'other' } : { type: 'BLOB', kind: 'binary' };
  }
}
