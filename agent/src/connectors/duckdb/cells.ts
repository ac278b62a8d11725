import type { DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api';
import { documentWriter } from './documents.ts';
import { scalarWriter } from './scalars.ts';

/** A cell of a chunk's column as JSON. */
export type CellWriter = (vector: DuckDBVector | undefined, row: number) => string;

/**
 * How a type's values travel: what JSON holds exactly as it is, everything else as a string in DuckDB's own text; a list, a
 * struct, a map, a union as a string that holds a JSON document (see docs/values.md).
 */
export function cellWriter(type: DuckDBType): CellWriter {
  const document = documentWriter(type);
  if (document !== undefined) {
    return (vector, row) => {
      const text = document.at(vector, row);
      return text === null ? 'null' : JSON.stringify(text);
    };
  }
  const scalar = scalarWriter(type);
  return (vector, row) => {
    const value: DuckDBValue = vector?.getItem(row) ?? null;
    return value === null ? 'null' : scalar(value);
  };
}

/** The text of a cell that is not null. */
export const cellText = (cell: string): string => (cell.startsWith('"') ? String(JSON.parse(cell)) : cell);
