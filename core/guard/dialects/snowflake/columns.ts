import type { Notes } from '../../parsing/notes.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import type { TableName } from '../../verdict.ts';

/** Database and schema are one for the rest of the guard: `DB.SCHEMA`. */
export function noteColumn(notes: Notes, names: readonly Token[], scope: Scope): void {
  const texts = names.map(({ text }) => text);
  const [column = '', table, ...schema] = texts.toReversed();
  const parts = table === undefined ? [column] : [...joined(schema.toReversed()), table, column];
  notes.column(parts, scope, names[0]?.offset ?? 0);
}

export function noteTable(notes: Notes, names: readonly Token[], scope: Scope): TableName {
  const name = names.at(-1) ?? NOTHING;
  const [schema] = joined(names.slice(0, -1).map(({ text }) => text));
  notes.table(schema === undefined ? undefined : { ...name, text: schema }, name, scope);
  return { schema: schema ?? null, name: name.text };
}

const NOTHING: Token = { kind: 'name', text: '', offset: 0 };

function joined(schema: readonly string[]): string[] {
  return schema.length === 0 ? [] : [schema.join('.')];
}
