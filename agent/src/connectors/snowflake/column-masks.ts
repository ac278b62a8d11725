import { tokenize } from '#core/guard/dialects/snowflake/tokenize.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import type { MaskedColumn } from '#core/policy/mask.ts';
import { cannotMask } from '../masking.ts';
import type { RowType } from './types.ts';

const STRICTEST = ['null', 'hash', 'partial'] as const;

interface Wanted {
  readonly masks: readonly MaskedColumn[];
  readonly statement: string;
}

/**
 * Of each column of the result its mask, or null. Snowflake tells the name that a column has in the result and not the one
 * it has in its table. The two are the same for what a star shows, and for a column that is selected without an alias:
 * so every column of that name is masked, and a masked column with an alias is POLICY_DENIED, before any row.
 */
export async function masksOf(
  columns: readonly RowType[],
  { masks, statement }: Wanted,
): Promise<(MaskedColumn | null)[]> {
  if (masks.length === 0) return columns.map(() => null);
  const named = await namedColumns(statement);
  for (const masked of masks) {
    const isShown = columns.some(({ name }) => name === masked.column);
    const isBareOnly = named?.get(masked.column.toLowerCase()) ?? !masked.isNamed;
    if (named === null || !isBareOnly || (masked.isNamed && !isShown))
      throw cannotMask(`${masked.table}.${masked.column}`);
  }
  const strictFirst = masks.toSorted((a, b) => STRICTEST.indexOf(a.mask) - STRICTEST.indexOf(b.mask));
  return columns.map(({ name }) => strictFirst.find(({ column }) => column === name) ?? null);
}

/** Of each column that the statement shows by name, in lower case, whether it has no alias anywhere; null if unknown. */
async function namedColumns(statement: string): Promise<ReadonlyMap<string, boolean> | null> {
  const verdict = await (await loadGuard('snowflake')).check(statement);
  if (verdict.verdict === 'deny') return null;
  const tokens = tokenize(statement);
  const named = new Map<string, boolean>();
  for (const { role, name, offset } of verdict.columnUses) {
    if (role !== 'shown' || name === '*') continue;
    const column = name.toLowerCase();
    named.set(column, (named.get(column) ?? true) && isBare(tokens, offset));
  }
  return named;
}

type Tokens = ReturnType<typeof tokenize>;

/** A name, or names with dots between them, at that place, and then a comma, FROM or the end. */
function isBare(tokens: Tokens, offset: number): boolean {
  let at = tokens.findIndex((token) => token.offset === offset);
  if (at < 0) return false;
  while (tokens[at + 1]?.text === '.') at += 2;
  const next = tokens[at + 1];
  return next?.kind === 'end' || next?.text === ',' || (next?.kind === 'keyword' && next.text === 'FROM');
}
