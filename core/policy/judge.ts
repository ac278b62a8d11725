import type { ColumnUse } from '../guard/classify.ts';
import { positionOf } from '../guard/precheck.ts';
import { denied } from '../guard/refusal.ts';
import type { Allowed, Denied, TableName } from '../guard/verdict.ts';
import type { MaskedColumn } from './mask.ts';
import { matchesColumn, matchesTable, touchesColumn } from './pattern.ts';
import { type Policy, restrictsReads } from './policy.ts';
import type { Relation, RelationRead } from './relation.ts';
import { type ColumnRule, columnRule, isStatistics, maskOf, type TableRule, tableRule } from './rules.ts';

interface Judged {
  readonly policy: Policy;
  readonly statement: string;
  /** The guard's verdict on it. */
  readonly allowed: Allowed;
  /** What the engine says of the tables it names; or, where no database can be asked, the schema names are in. */
  readonly catalogue: Catalogue;
}

export type Catalogue =
  | { readonly kind: 'known'; readonly relations: readonly Relation[] }
  /** A star stands for every column then. `defaultSchema` is null where a name without one may be of any. */
  | { readonly kind: 'offline'; readonly defaultSchema: string | null };

export interface Permitted {
  readonly verdict: 'allow';
  /** Every masked column of the relations that are read, for the connector to mask wherever the result shows one. */
  readonly masks: readonly MaskedColumn[];
}

/** What the policy says of a statement that the guard has allowed. A denial names the rule. */
export function judge(judged: Judged): Permitted | Denied {
  if (!restrictsReads(judged.policy)) return { verdict: 'allow', masks: [] };
  const names = new Names(judged.catalogue);
  return (
    firstOf(judged.allowed.tables, (table) => judgeTable(judged.policy, names, table)) ??
    firstOf(judged.allowed.columnUses, (use) => judgeUse(judged, names, use)) ?? {
      verdict: 'allow',
      masks: masksOf(judged, names),
    }
  );
}

function firstOf<T>(items: readonly T[], judgeItem: (item: T) => Denied | undefined): Denied | undefined {
  for (const item of items) {
    const denial = judgeItem(item);
    if (denial !== undefined) return denial;
  }
  return undefined;
}

/** What the tables of a statement are called: as the catalogue has it and, for a partition, as the tables above it are. */
class Names {
  readonly #relations: ReadonlyMap<string, Relation>;
  readonly #defaultSchema: string | null;
  /** Whether what is not there is nowhere. */
  readonly isKnown: boolean;

  constructor(catalogue: Catalogue) {
    const relations = catalogue.kind === 'known' ? catalogue.relations : [];
    this.#relations = new Map(relations.map((relation) => [key(relation.asked), relation]));
    this.isKnown = catalogue.kind === 'known';
    this.#defaultSchema = catalogue.kind === 'known' ? null : catalogue.defaultSchema;
  }

  /** By the name in FROM, or by the one the catalogue has: a column may be written with the schema, its table without. */
  relation(table: TableName): Relation | undefined {
    const asked = this.#relations.get(key(table));
    if (asked !== undefined) return asked;
    const same = (a: string | null, b: string | null) => a?.toLowerCase() === b?.toLowerCase();
    return this.#relations
      .values()
      .find(({ name }) => same(name.name, table.name) && (table.schema === null || same(name.schema, table.schema)));
  }

  /** What the qualifier of a column may stand for: where no table has the name, any that is read. */
  qualified(table: TableName): readonly TableName[] {
    if (!this.isKnown || this.relation(table) !== undefined) return [table];
    return [...this.#relations.values()].map(({ asked }) => asked);
  }

  /** Rules about any of them are rules about the table. */
  of(table: TableName): readonly TableName[] {
    const relation = this.relation(table);
    if (relation !== undefined) return [relation.name, ...relation.parents];
    return [{ schema: table.schema ?? this.#defaultSchema, name: table.name }];
  }

  /** The columns of that name, each by its own name; the name itself where the columns are not known. */
  columns(table: TableName, name: string): readonly string[] | null {
    const relation = this.relation(table);
    if (relation === undefined || relation.isOpen === true) return name === '*' ? null : [name];
    const wanted = name.toLowerCase();
    return relation.columns
      .filter((column) => name === '*' || [column.name, ...column.aliases].some((one) => one.toLowerCase() === wanted))
      .map((column) => column.name);
  }
}

const key = ({ schema, name }: TableName): string => JSON.stringify([schema, name]);

function judgeTable(policy: Policy, names: Names, table: TableName): Denied | undefined {
  if (names.isKnown && names.relation(table) === undefined) return notThere(table);
  const called = names.of(table);
  const rule = tableRule(policy, called);
  if (rule !== undefined) return deniedTable(called[0] ?? table, rule);
  if (called.some(isStatistics)) return deniedStatistics(table);
  const relation = names.relation(table);
  return relation && judgeView(policy, relation);
}

function judgeView(policy: Policy, { name, reads }: Relation): Denied | undefined {
  if (policy.trustedViews.some((view) => matchesTable(view, name))) return undefined;
  return firstOf(reads, (read) => judgeRead(policy, name, read));
}

/** Whether a view may not be read for what it reads itself. */
export const hidesView = (policy: Policy, view: Relation): boolean => judgeView(policy, view) !== undefined;

/** What the catalogue does not show, no rule can be applied to; the engine would say the same. */
function notThere(table: TableName): Denied {
  const hint = 'custard schema list shows the tables there are.';
  return denied('RELATION_NOT_FOUND', `There is no table ${text(table)} that the agent can see.`, { hint });
}

function deniedTable(table: TableName, { rule }: TableRule): Denied {
  return denied('POLICY_DENIED', `The policy does not let ${text(table)} be read (${rule}).`, {
    hint:
      table.schema === null
        ? 'Write the table with its schema: its name alone may be that of a table in any.'
        : 'Ask about other tables: custard schema list shows those that may be read.',
  });
}

function deniedStatistics(table: TableName): Denied {
  const reason = `${text(table)} holds values of columns, which the policy does not let be read.`;
  return denied('POLICY_DENIED', reason, { hint: 'Leave it out.' });
}

/** A view shows what it reads under other names: nothing that is denied or masked there may come through. */
function judgeRead(policy: Policy, view: TableName, { schema, name, column }: RelationRead): Denied | undefined {
  const table = { schema, name };
  if (isStatistics(table)) return deniedStatistics(view);
  const rule =
    (policy.deniedTables.length > 0 ? tableRule({ ...policy, allowedTables: null }, [table]) : undefined) ??
    columnRule({ ...policy, allowedColumns: null }, [table], column ?? '*') ??
    maskOf(policy, [table], column ?? '*');
  if (rule === undefined) return undefined;
  const what = column === null ? text(table) : `${text(table)}.${column}`;
  return denied('POLICY_DENIED', `The view ${text(view)} reads ${what}, which the policy protects (${rule.rule}).`, {
    hint: 'Ask about other tables. Whoever keeps the policy can list the view under views.trusted.',
  });
}

function judgeUse(judged: Judged, names: Names, use: ColumnUse): Denied | undefined {
  const tables = use.tables.flatMap((table) => names.qualified(table));
  return firstOf(tables, (table) => {
    const called = names.of(table);
    return firstOf(names.columns(table, use.name) ?? ['*'], (column) => judgeColumn(judged, called, { use, column }));
  });
}

function judgeColumn(
  { policy, statement }: Judged,
  called: readonly TableName[],
  { use, column }: { readonly use: ColumnUse; readonly column: string },
): Denied | undefined {
  const name = `${text(called[0] ?? { schema: null, name: '' })}.${column}`;
  const where = positionOf(statement, use.offset);
  const rule = columnRule(policy, called, column);
  if (rule !== undefined) return denied('POLICY_DENIED', deniedReason(name, use, rule), { hint: NAME_OTHERS, where });
  const masked = use.role === 'used' ? maskOf(policy, called, column) : undefined;
  if (masked === undefined) return undefined;
  const reason = `The policy masks ${name} (${masked.rule}): it can be shown as it is, and not be used to filter, join, sort or compute.`;
  return denied('POLICY_DENIED', reason, { hint: MASKED_HINT, where });
}

const NAME_OTHERS = 'Name the columns that are needed, without it.';
const MASKED_HINT =
  'Leave it out, or select it by itself in the outermost SELECT, without DISTINCT, GROUP BY, UNION or ORDER BY on it.';

function deniedReason(name: string, { name: asked }: ColumnUse, { rule }: ColumnRule): string {
  return asked === '*'
    ? `The statement reads all columns, and the policy does not let ${name} be read (${rule}).`
    : `The policy does not let ${name} be read (${rule}).`;
}

function masksOf({ policy, allowed }: Judged, names: Names): MaskedColumn[] {
  const shown = allowed.columnUses.filter(({ role, name }) => role === 'shown' && name !== '*');
  const isShown = (table: TableName, column: string) =>
    shown.some(
      (use) =>
        use.tables.some((one) => key(one) === key(table)) && names.columns(table, use.name)?.includes(column) === true,
    );
  return allowed.tables.flatMap((table) => {
    const relation = names.relation(table);
    if (relation === undefined) return [];
    if (relation.isOpen === true) return openMasks(policy, relation, shown);
    return relation.columns.flatMap(({ name: column }): MaskedColumn[] => {
      const rule = maskOf(policy, names.of(table), column);
      if (rule === undefined) return [];
      const { schema, name } = relation.name;
      return [{ schema, table: name, column, mask: rule.mask, isNamed: isShown(table, column) }];
    });
  });
}

/** Every rule for masks that may be about one of its fields, in the policy's order. */
function openMasks({ masks }: Policy, { asked, name, parents }: Relation, shown: readonly ColumnUse[]): MaskedColumn[] {
  const called = [name, ...parents];
  return masks
    .filter(({ pattern }) => called.some((one) => matchesTable(pattern.table, one)))
    .map(({ pattern, mask }): MaskedColumn => {
      const covers = (path: string) => called.some((one) => matchesColumn(pattern, one, path));
      const touches = (path: string) => called.some((one) => touchesColumn(pattern, one, path));
      const isNamed = shown.some((use) => use.tables.some((table) => key(table) === key(asked)) && touches(use.name));
      return { schema: name.schema, table: name.name, column: pattern.text, mask, isNamed, covers, touches };
    });
}

const text = ({ schema, name }: TableName): string => (schema === null ? name : `${schema}.${name}`);
