import { distance } from '../join-paths.ts';
import { REVENUE_WORDS, VALUE_WORDS } from '../lexicon/derived-measures.ts';
import { ownTotal } from '../schema-index/derived-measure.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import type { Token } from '../text/tokenize.ts';
import type { NameLink } from './link-names.ts';
import type { Pieces } from './word-pieces.ts';

/** "revenue", and "order value" where an order's lines make its value. */
export function linkMeasures(tokens: readonly Token[], index: SchemaIndex, pieces: Pieces): NameLink[] {
  const { revenue } = index;
  if (revenue === null) return [];
  return tokens.flatMap((token, at): NameLink[] => {
    if (token.kind !== 'word') return [];
    const plain = REVENUE_WORDS.has(token.lower)
      ? [{ from: at, to: at + 1, candidate: { kind: 'measure', measure: revenue, per: null, quality: 0.9 } } as const]
      : [];
    const next = tokens[at + 1];
    if (next === undefined || !VALUE_WORDS.has(next.lower)) return plain;
    const per = [...pieces.entriesAt(at)].find(
      (entry) =>
        entry.kind === 'table' &&
        entry.words.length === 1 &&
        pieces.at(at, entry).some(({ quality }) => quality === 1) &&
        (entry === revenue.table || ownTotal(entry) !== null || distance(index, revenue.table, entry) === 1),
    );
    if (per === undefined || per.kind !== 'table') return plain;
    const total = ownTotal(per);
    if (total !== null) {
      return [{ from: at, to: at + 2, candidate: { kind: 'column', column: total, quality: 0.95, namesTable: true } }];
    }
    return [...plain, { from: at, to: at + 2, candidate: { kind: 'measure', measure: revenue, per, quality: 0.9 } }];
  });
}
