import type { DerivedMeasure } from '../schema-index/derived-measure.ts';
import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';

/** What a span of the question may stand for. Quality is in (0, 1]; 1 is the very name. */
export type Candidate =
  | { readonly kind: 'table'; readonly table: TableEntry; readonly quality: number }
  | { readonly kind: 'column'; readonly column: ColumnEntry; readonly quality: number; readonly namesTable: boolean }
  | { readonly kind: 'value'; readonly column: ColumnEntry; readonly value: string; readonly quality: number }
  /** A figure made of several columns. `per`: of each of these ("order value"); null: in all. */
  | {
      readonly kind: 'measure';
      readonly measure: DerivedMeasure;
      readonly per: TableEntry | null;
      readonly quality: number;
    };

/** A span of the question, tokens [from, to), and all it may stand for, best first. */
export interface Mention {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly candidates: readonly Candidate[];
}

export type TableCandidate = Extract<Candidate, { kind: 'table' }>;
export type ColumnCandidate = Extract<Candidate, { kind: 'column' }>;
export type MeasureCandidate = Extract<Candidate, { kind: 'measure' }>;
export type ValueCandidate = Extract<Candidate, { kind: 'value' }>;

export const tablesOf = (mention: Mention): TableCandidate[] =>
  mention.candidates.filter((candidate) => candidate.kind === 'table');
export const columnsOf = (mention: Mention): ColumnCandidate[] =>
  mention.candidates.filter((candidate) => candidate.kind === 'column');
export const measureIn = (mention: Mention): MeasureCandidate | undefined =>
  mention.candidates.find((candidate) => candidate.kind === 'measure');
export const valuesOf = (mention: Mention): ValueCandidate[] =>
  mention.candidates.filter((candidate) => candidate.kind === 'value');
