import { tablesOf } from '../link/mention.ts';
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
  const outputs: OutputNode[] = [...parseOutputs(cursor)];
  const modifiers: Modifier[] = [...before];
  while (!cursor.done) {
    const start = cursor.at;
    modifiers.push(...parseModifiers(cursor));
    if (cursor.at === start && !nextSentence(cursor, outputs, modifiers)) return { kind: 'stuck', at: cursor.at };
  }
  if (outputs.length === 0) return { kind: 'stuck', at: cursor.farthest };
  return {
    kind: 'tree',
    tree: {
      outputs: outputs.length === 1 ? outputs.map(countedPer) : outputs,
      modifiers,
      asks: lead,
    },
  };
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
function nextSentence(cursor: Cursor, outputs: OutputNode[], modifiers: Modifier[]): boolean {
  const start = cursor.at;
  const full = cursor.eat('.', ';', '?', '!');
  cursor.eat(',');
  const added = cursor.eat('and also', 'and', 'also', 'as well as', 'along with', 'together with');
  const separated = cursor.at > start;
  parseLead(cursor);
  const more = separated ? parseOutputs(cursor) : [];
  if (more.length === 0) {
    cursor.at = start;
    return full && cursor.done;
  }
  if (!full || (added && outputs.every(isPlain))) outputs.push(...more);
  else if (outputs.every(isPlain)) replaceOutputs(outputs, more, modifiers);
  // "Find the maximum weight for each type. List the maximum weight and type.": says the same again.
  else outputs.push(...more.filter((output) => isPlain(output) && !outputs.some((known) => isPlain(known))));
  return true;
}

const isPlain = (output: OutputNode): boolean => output.kind === 'noun' && output.aggregates.length === 0;

/** "Which department offers the most degrees? List its name and id.": the first sentence says which, the second what to show. */
function replaceOutputs(outputs: OutputNode[], more: readonly OutputNode[], modifiers: Modifier[]): void {
  for (const { noun } of outputs.splice(0)) {
    modifiers.unshift({ kind: 'related', noun, quantifier: { kind: 'some' }, hints: { words: ['of'], mentions: [] } });
  }
  outputs.push(...more);
}

/** "orders per customer" asks how many, without saying so. */
function countedPer(output: OutputNode): OutputNode {
  if (output.kind === 'count' || output.aggregates.length > 0) return output;
  const thing = tablesOf(output.noun.mention).some(({ quality }) => quality >= 0.9);
  const per = output.noun.modifiers.some(
    (modifier) => modifier.kind === 'group-date' || (modifier.kind === 'group' && modifier.per),
  );
  return thing && per ? { kind: 'count', noun: output.noun, distinct: false } : output;
}
