import { z } from 'zod';
import type { Grade } from '../posture.ts';
import type { QueryLimits } from '../protocol/messages.ts';
import { Egress } from './egress.ts';
import { Mask } from './mask.ts';
import { type ColumnPattern, parseColumnPattern, parseTablePattern, type TablePattern } from './pattern.ts';
import { Bytes, Duration, RowCount } from './units.ts';

/**
 * What an agent lets a statement read, from its policy file. It narrows what the guard and the database role allow and
 * never widens it.
 */
export interface Policy {
  /** Null: any that is not denied. */
  readonly allowedTables: readonly TablePattern[] | null;
  readonly deniedTables: readonly TablePattern[];
  readonly allowedColumns: readonly ColumnPattern[] | null;
  readonly deniedColumns: readonly ColumnPattern[];
  /** The first that matches holds. */
  readonly masks: readonly ColumnMask[];
  /** Views that may show what their tables would not. */
  readonly trustedViews: readonly TablePattern[];
  readonly limits: Partial<QueryLimits>;
  /** What may go to a model at most. */
  readonly egress: Egress;
  /** The worst grade of the database role that the agent starts with. */
  readonly posture: Grade | null;
}

export interface ColumnMask {
  readonly pattern: ColumnPattern;
  readonly mask: Mask;
}

/** An agent without a policy file. */
export const OPEN_POLICY: Policy = {
  allowedTables: null,
  deniedTables: [],
  allowedColumns: null,
  deniedColumns: [],
  masks: [],
  trustedViews: [],
  limits: {},
  egress: 'rows',
  posture: null,
};

/** Whether any rule is about tables or columns, so that statements have to be looked at. */
export function restrictsReads({ allowedTables, allowedColumns, deniedTables, deniedColumns, masks }: Policy): boolean {
  return (
    allowedTables !== null || allowedColumns !== null || deniedTables.length + deniedColumns.length + masks.length > 0
  );
}

function pattern<T extends object>(parse: (text: string) => T | string) {
  return z.string({ error: 'text in quotes' }).transform((text, context): T => {
    const parsed = parse(text);
    if (typeof parsed !== 'string') return parsed;
    context.addIssue({ code: 'custom', message: parsed });
    return z.NEVER;
  });
}

function list<T extends z.ZodType>(item: T) {
  return z.array(item, { error: 'a list' }).min(1, 'at least one entry; leave the key out for no rule');
}

const Tables = list(pattern(parseTablePattern));
const Columns = list(pattern(parseColumnPattern));

/** YAML reads a bare null as no value; here it is the mask of that name. */
const Shown = z.preprocess(
  (value) => (value === null ? 'null' : value),
  z.enum(Mask.options, { error: 'one of null, hash, partial' }),
);

/** Unknown keys are errors: a rule with a typo would protect nothing. */
function section<T extends z.ZodRawShape>(shape: T) {
  const error = (issue: { readonly code: string }) =>
    issue.code === 'invalid_type' ? 'keys with values, like "version: 1"' : undefined;
  return z.strictObject(shape, { error });
}

/** The file's own form. */
export const PolicyDocument = section({
  version: z.literal(1, { error: '1, the version of this format' }),
  tables: section({ allow: Tables.optional(), deny: Tables.optional() }).optional(),
  columns: section({ allow: Columns.optional(), deny: Columns.optional() }).optional(),
  masks: list(section({ columns: Columns, show: Shown })).optional(),
  views: section({ trusted: Tables }).optional(),
  limits: section({ rows: RowCount.optional(), bytes: Bytes.optional(), time: Duration.optional() }).optional(),
  egress: z.enum(Egress.options, { error: `one of ${Egress.options.join(', ')}` }).optional(),
  posture: z.enum(['good', 'acceptable'], { error: 'good or acceptable' }).optional(),
}).transform(
  ({ tables, columns, masks = [], views, limits = {}, egress = OPEN_POLICY.egress, posture = null }): Policy => ({
    allowedTables: tables?.allow ?? null,
    deniedTables: tables?.deny ?? [],
    allowedColumns: columns?.allow ?? null,
    deniedColumns: columns?.deny ?? [],
    masks: masks.flatMap(({ columns: patterns, show }) => patterns.map((one) => ({ pattern: one, mask: show }))),
    trustedViews: views?.trusted ?? [],
    limits: {
      ...(limits.rows === undefined ? {} : { rows: limits.rows }),
      ...(limits.bytes === undefined ? {} : { bytes: limits.bytes }),
      ...(limits.time === undefined ? {} : { timeoutMs: limits.time }),
    },
    egress,
    posture,
  }),
);
