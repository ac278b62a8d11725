import { z } from 'zod';
import { Egress } from './egress.ts';
import { LimitsDocument } from './limits-document.ts';
import { Mask } from './mask.ts';
import { parseColumnPattern, parseTablePattern } from './pattern.ts';
import { OPEN_POLICY, type Policy } from './policy.ts';
import { section } from './section.ts';

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

/** The file's own form. */
export const PolicyDocument = section({
  version: z.literal(1, { error: '1, the version of this format' }),
  tables: section({ allow: Tables.optional(), deny: Tables.optional() }).optional(),
  columns: section({ allow: Columns.optional(), deny: Columns.optional() }).optional(),
  masks: list(section({ columns: Columns, show: Shown })).optional(),
  views: section({ trusted: Tables }).optional(),
  limits: LimitsDocument.optional(),
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
    limits,
    egress,
    posture,
  }),
);
