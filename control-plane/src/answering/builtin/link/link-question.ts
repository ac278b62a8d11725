import type { FoundValue } from '#core/protocol/messages.ts';
import type { ColumnEntry } from '../schema-index/entries.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import type { Token } from '../text/tokenize.ts';
import { linkFlags } from './link-flags.ts';
import { linkMeasures } from './link-measures.ts';
import { linkNames } from './link-names.ts';
import type { Candidate, Mention } from './mention.ts';
import type { ValueText } from './value-texts.ts';
import { findPieces, type Vocabulary } from './word-pieces.ts';

/** All mentions, by the token they begin with; longest first. */
export type Mentions = readonly (readonly Mention[])[];

export interface LinkOptions {
  readonly question: string;
  readonly tokens: readonly Token[];
  readonly index: SchemaIndex;
  readonly vocabulary: Vocabulary;
  readonly texts: readonly ValueText[];
  readonly found: readonly FoundValue[];
}

export function linkQuestion({ question, tokens, index, vocabulary, texts, found }: LinkOptions): Mentions {
  const spans = new Map<string, { from: number; to: number; candidates: Candidate[] }>();
  const add = (from: number, to: number, candidate: Candidate): void => {
    const key = `${from} ${to}`;
    const span = spans.get(key) ?? { from, to, candidates: [] };
    span.candidates.push(candidate);
    spans.set(key, span);
  };
  const pieces = findPieces(tokens, index, vocabulary);
  const names = linkNames(tokens, pieces);
  for (const { from, to, candidate } of names) add(from, to, candidate);
  for (const { from, to, candidate } of linkFlags(names, index, found)) add(from, to, candidate);
  for (const { from, to, candidate } of linkMeasures(tokens, index, pieces)) add(from, to, candidate);
  for (const { from, to, candidate } of linkValues(index, texts, found)) add(from, to, candidate);
  const mentions: Mention[][] = tokens.map(() => []);
  for (const { from, to, candidates } of spans.values()) {
    const text = question.slice(tokens[from]?.start, tokens[to - 1]?.end);
    mentions[from]?.push({ from, to, text, candidates: distinct(candidates) });
  }
  for (const list of mentions) list.sort((a, b) => b.to - a.to);
  return mentions;
}

function linkValues(
  index: SchemaIndex,
  texts: readonly ValueText[],
  found: readonly FoundValue[],
): { from: number; to: number; candidate: Candidate }[] {
  const byText = Map.groupBy(found, ({ text }) => text);
  return texts.flatMap(({ text, from, to, quality }) =>
    (byText.get(text) ?? []).flatMap((hit) => {
      const column = index.column(hit.table, hit.column, hit.schema);
      if (column === null || (quality < 1 && hit.value.length <= 2 && !saysSex(column))) return [];
      return [{ from, to, candidate: { kind: 'value', column, value: hit.value, quality } as const }];
    }),
  );
}

/** One letter stands for much: "M" is a sex only where the column says so. */
const saysSex = ({ words }: ColumnEntry): boolean => words.includes('sex') || words.includes('gender');

function distinct(candidates: Candidate[]): Candidate[] {
  const best = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = identity(candidate);
    const known = best.get(key);
    if (known === undefined || known.quality < candidate.quality) best.set(key, candidate);
  }
  const all = [...best.values()];
  // "English" as typed before what it may also stand for, England.
  const exactTable = all.some((candidate) => candidate.kind === 'table' && candidate.quality > 0.95);
  const typed = all.some((candidate) => candidate.kind === 'value' && candidate.quality === 1);
  return all
    .filter((candidate) => !exactTable || candidate.kind !== 'table' || candidate.quality >= 0.9)
    .map((candidate) =>
      typed && candidate.kind === 'value' && candidate.quality < 0.95 ? { ...candidate, quality: 0.7 } : candidate,
    )
    .sort((a, b) => b.quality - a.quality);
}

function identity(candidate: Candidate): string {
  if (candidate.kind === 'table') return `t${candidate.table.index}`;
  if (candidate.kind === 'measure') return `m${candidate.per?.index ?? ''}`;
  const { table, column } = candidate.column;
  const place = `${table.index} ${column.name}`;
  return candidate.kind === 'column' ? `c${place}` : `v${place} ${candidate.value}`;
}
