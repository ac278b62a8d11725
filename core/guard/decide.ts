import type { ColumnUse, Facts, Refusal, Use } from './classify.ts';
import { positionOf } from './precheck.ts';
import { denied } from './refusal.ts';
import type { Reads, TableName, Verdict } from './verdict.ts';

/** A dialect's policy: for each name, why it is refused, or undefined where it is allowed. */
export interface Rules {
  readonly function: (use: Use) => Complaint | undefined;
  readonly attribute: (use: Use) => Complaint | undefined;
  readonly table: (use: Use) => Complaint | undefined;
  readonly operator: (use: Use) => Complaint | undefined;
  readonly type: (use: Use) => Complaint | undefined;
}

export type Complaint = Omit<Refusal, 'offset'>;

/** Everything the statement does must be allowed by a rule; the first thing that is not is the verdict. */
export function decide(statement: string, facts: Facts, rules: Rules): Verdict {
  const refusal =
    facts.refusals[0] ??
    firstComplaint(facts.functions, rules.function) ??
    firstComplaint(facts.attributes, rules.attribute) ??
    firstComplaint(facts.tables, rules.table) ??
    firstComplaint(facts.operators, rules.operator) ??
    firstComplaint(facts.types, rules.type);
  return refusal === undefined
    ? { verdict: 'allow', ...readsOf(facts), columnUses: facts.columns }
    : refuse(statement, refusal);
}

export function refuse(statement: string, { code, reason, hint, offset }: Refusal): Verdict {
  return denied(code, reason, { hint, where: positionOf(statement, offset) });
}

function firstComplaint(uses: readonly Use[], rule: (use: Use) => Complaint | undefined): Refusal | undefined {
  for (const use of uses) {
    const complaint = rule(use);
    if (complaint !== undefined) return { ...complaint, offset: use.offset };
  }
  return undefined;
}

function readsOf(facts: Facts): Reads {
  const tables = new Map<string, TableName>();
  for (const { schema, name } of facts.tables) tables.set(JSON.stringify([schema, name]), { schema, name });
  return {
    tables: [...tables.values()].sort((a, b) => compare(a.schema ?? '', b.schema ?? '') || compare(a.name, b.name)),
    columns: [...new Set(facts.columns.filter(({ isGuess }) => isGuess !== true).flatMap(columnNames))].sort(compare),
    functions: [...new Set(facts.functions.map(qualified))].sort(compare),
  };
}

/** With the table where the statement says whose; a column that the statement makes itself is read by its parts. */
function columnNames({ tables, isQualified, name }: ColumnUse): string[] {
  return isQualified ? tables.map((table) => `${table.name}.${name}`) : [name];
}

export function qualified({ schema, name }: Pick<Use, 'schema' | 'name'>): string {
  return schema === null ? name : `${schema}.${name}`;
}

/** By code unit, the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
