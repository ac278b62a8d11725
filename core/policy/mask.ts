import { z } from 'zod';

/** What is shown instead of a value. NULL stays NULL under each of them. */
export const Mask = z.enum(['null', 'hash', 'partial']);
export type Mask = z.infer<typeof Mask>;

/** A column of a relation that a statement reads, and what is to be shown of it. */
export interface MaskedColumn {
  readonly schema: string | null;
  readonly table: string;
  readonly column: string;
  readonly mask: Mask;
  /** The statement shows it by name, so that the result has to have it. */
  readonly isNamed: boolean;
  /**
   * Where nobody can list the columns (Relation.isOpen), `column` is the rule's own text and this tells of the path of a
   * field whether the rule is about it. Of several the first holds.
   */
  readonly covers?: (path: string) => boolean;
  /** Also true of a field that holds what the rule is about. */
  readonly touches?: (path: string) => boolean;
}
