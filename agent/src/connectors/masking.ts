import { CustardError } from '#core/errors.ts';
import type { Mask } from '#core/policy/mask.ts';
import type { Column } from '#core/values.ts';

/** A result column as it is announced when its values are masked. */
export function maskedColumn(column: Column, mask: Mask | null): Column {
  if (mask === null) return column;
  return mask === 'null'
    ? { ...column, masked: mask }
    : { name: column.name, type: 'text', kind: 'text', masked: mask };
}

/** The engine does not tell where in the result a masked column is shown. */
export const cannotMask = (column: string): CustardError =>
  new CustardError('POLICY_DENIED', `The policy masks ${column}, and the database does not tell where it is shown.`, {
    hint: 'Select it by itself, straight from its table, or leave it out.',
  });
