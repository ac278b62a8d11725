import type { Cursor } from './cursor.ts';
import { parseLead } from './parse-lead.ts';
import { parseGroup, parseModifiers } from './parse-modifiers.ts';
import { parseOutputs } from './parse-outputs.ts';
import type { Modifier, OutputNode, QuestionTree } from './question-tree.ts';

export type ParseResult =
  | { readonly kind: 'tree'; readonly tree: QuestionTree }
  /** The token that no rule could place. */
  | { readonly kind: 'stuck'; readonly at: number };

/** Reads the whole question or says where it got stuck; never leaves a word out. */
export function parseQuestion(cursor: Cursor): ParseResult {
  const before: Modifier[] = parseFronted(cursor);
  const lead = parseLead(cursor);
  const outputs: OutputNode[] = [...parseOutputs(cursor, lead)];
  const modifiers: Modifier[] = [...before];
  while (!cursor.done) {
    const start = cursor.at;
    modifiers.push(...parseModifiers(cursor));
    if (cursor.at === start && !nextSentence(cursor, outputs)) return { kind: 'stuck', at: cursor.farthest };
  }
  if (outputs.length === 0) return { kind: 'stuck', at: cursor.farthest };
  return { kind: 'tree', tree: { outputs, modifiers, distinct: lead.distinct } };
}

/** "For each stadium, how many concerts play there?", "In 2014, which …" */
function parseFronted(cursor: Cursor): Modifier[] {
  if (!cursor.is('for', 'in', 'of', 'per', 'by', 'among', 'since', 'during')) return [];
  const fronted = cursor.attempt(() => {
    const group = parseGroup(cursor);
    const modifiers = group === null ? parseModifiers(cursor) : [group, ...parseModifiers(cursor)];
    if (modifiers.length === 0) return null;
    cursor.eat(',');
    return modifiers;
  });
  return fronted ?? [];
}

/** A second sentence or clause that asks for more columns: "… List the name and the age." */
function nextSentence(cursor: Cursor, outputs: OutputNode[]): boolean {
  const start = cursor.at;
  const full = cursor.eat('.', ';');
  cursor.eat(',');
  cursor.eat('and also', 'and', 'as well as', 'along with', 'together with');
  const lead = parseLead(cursor);
  const more = parseOutputs(cursor, lead);
  if (more.length === 0) {
    cursor.at = start;
    return full && cursor.done;
  }
  const repeated = full && outputs.every((output) => output.kind === 'noun' && output.aggregates.length === 0);
  if (full && !repeated) {
    // "Find the maximum weight for each type. List the maximum weight and type.": says the same again.
    outputs.push(...more.filter((output) => output.kind === 'noun' && output.aggregates.length === 0));
  } else outputs.push(...more);
  return true;
}
