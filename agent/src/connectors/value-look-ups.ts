import { isCustardError } from '#core/errors.ts';

/** What the budget or the caller ends, ends it all; a table that cannot be read is passed over. */
export async function passingOver<T>(rows: Promise<T[]>): Promise<T[]> {
  try {
    return await rows;
  } catch (error) {
    const code = isCustardError(error) ? error.code : undefined;
    if (code === 'QUERY_FAILED' || code === 'PERMISSION_DENIED' || code === 'RELATION_NOT_FOUND') return [];
    throw error;
  }
}

/** Columns that are looked into together: so many, of tables of so many rows, at most. */
interface BatchLimits {
  readonly columns: number;
  readonly rows: number;
}

export function* batchesOf<C extends { readonly rows: number }>(
  candidates: readonly C[],
  limits: BatchLimits,
): Generator<C[]> {
  let batch: C[] = [];
  let rows = 0;
  for (const candidate of candidates) {
    if (batch.length > 0 && (batch.length >= limits.columns || rows + candidate.rows > limits.rows)) {
      yield batch;
      batch = [];
      rows = 0;
    }
    batch.push(candidate);
    rows += candidate.rows;
  }
  if (batch.length > 0) yield batch;
}
