import { columnsOf, type Mention } from '../link/mention.ts';
import type { Instance } from '../logical-form.ts';
import type { Modifier, OutputNode, QuestionTree } from '../parse/question-tree.ts';
import type { ColumnEntry } from '../schema-index/entries.ts';
import { relatedTable } from './apply-related.ts';
import { CannotRead } from './cannot-read.ts';
import { joinTo, type Scope } from './scope.ts';

/** Whose properties are asked for: "the name and age *of the singers*", "the names … for every *concert*". */
export interface Subject {
  readonly mention: Mention;
  readonly instance: Instance;
  /** The subject is no table but a property of one: the directors of movies. */
  readonly property: ColumnEntry | null;
}

const OF_WORDS = new Set(['of', 'for', 'from', 'in', 'by', 'on', 'at', "'s", 'with', 'each', 'all']);
/** A list of properties of a table that is not what the question is about needs better reasons than none. */
const ELSEWHERE_COST = 0.2;

/** The subject of each output; outputs before "and" share the one that follows. */
export function findSubjects(scope: Scope, tree: QuestionTree): (Subject | null)[] {
  const fronted = subjectMention(tree.modifiers);
  const subjects: (Subject | null)[] = [];
  let next: Mention | null = fronted ?? groupMention(tree);
  for (const output of tree.outputs.toReversed()) {
    next = subjectMention(output.noun.modifiers) ?? next;
    subjects.unshift(next === null || output.kind === 'count' ? null : place(scope, next, tree));
  }
  return subjects;
}

/** "How many coaches does each club have? List the id and name.": the club's. */
function groupMention({ outputs }: QuestionTree): Mention | null {
  for (const { noun } of outputs) {
    const group = noun.modifiers.find((modifier) => modifier.kind === 'group');
    if (group !== undefined) return group.noun.mention;
  }
  return null;
}

function subjectMention(modifiers: readonly Modifier[]): Mention | null {
  for (const modifier of modifiers) {
    if (modifier.kind === 'group') return modifier.noun.mention;
    const near = modifier.kind === 'related' && modifier.quantifier.kind === 'some';
    if (near && modifier.hints.words.every((word) => OF_WORDS.has(word) || word === 'the'))
      return modifier.noun.mention;
    if (modifier.kind === 'related') return null;
  }
  return null;
}

function place(scope: Scope, mention: Mention, tree: QuestionTree): Subject | null {
  try {
    const { table, property } = relatedTable(scope, mention);
    if (table !== scope.instance.table && !tree.outputs.some(({ kind }) => kind === 'count'))
      scope.reading.cost += ELSEWHERE_COST;
    return { mention, instance: joinTo(scope, table), property };
  } catch (error) {
    if (error instanceof CannotRead && error.choices.length === 0) return null;
    throw error;
  }
}

export const isPlain = (output: OutputNode): boolean => output.kind === 'noun' && output.aggregates.length === 0;

/** "the name and release year of the song": columns that carry both words, where song is no table. */
export function sharedColumn(output: Mention, subject: Mention): ColumnEntry | null {
  const named = columnsOf(subject).map(({ column }) => column);
  const both = columnsOf(output).filter(({ column }) => named.includes(column));
  return both.length === 1 ? (both[0]?.column ?? null) : null;
}
