import type { DateRange } from '../dates/date-range.ts';
import type { ConceptName } from '../lexicon/concepts.ts';
import type { Mention } from '../link/mention.ts';
import type { DateUnit } from '../logical-form.ts';
import type { Asks } from './parse-lead.ts';

/** What a question says, before it is known which tables and columns its words mean. */
export interface QuestionTree {
  readonly outputs: readonly OutputNode[];
  readonly modifiers: readonly Modifier[];
  readonly asks: Asks;
}

export type AggregateName = 'count' | 'sum' | 'avg' | 'min' | 'max';

export type OutputNode =
  | {
      readonly kind: 'noun';
      readonly noun: NounNode;
      readonly aggregates: readonly AggregateName[];
      readonly distinct: boolean;
      /** All that is known of it is wanted. */
      readonly whole: boolean;
    }
  | { readonly kind: 'count'; readonly noun: NounNode; readonly distinct: boolean };

/** A thing or a property, with what is said about it before and after. */
export interface NounNode {
  readonly mention: Mention;
  readonly modifiers: readonly Modifier[];
}

export type Comparison = '=' | '!=' | '>' | '<' | '>=' | '<=' | 'between' | 'contains' | 'starts' | 'ends';

export type Operand =
  | { readonly kind: 'number'; readonly number: number; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly mention: Mention | null }
  | { readonly kind: 'date'; readonly range: DateRange }
  /** "the average", "the minimum age of museums opened after 2010". */
  | {
      readonly kind: 'aggregate';
      readonly aggregate: AggregateName;
      readonly attribute: Mention | null;
      readonly modifiers: readonly Modifier[];
    };

export type Quantifier =
  | { readonly kind: 'some' }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'count';
      readonly comparison: Comparison;
      readonly numbers: readonly number[];
      /** "three different products". */
      readonly distinct: boolean;
    };

/** What stands around a modifier and may tell which column or key is meant: verbs, prepositions, columns named by a verb. */
export interface Hints {
  readonly words: readonly string[];
  readonly mentions: readonly Mention[];
}

export const NO_HINTS: Hints = { words: [], mentions: [] };

export type Modifier =
  | {
      readonly kind: 'compare';
      readonly attribute: Mention | null;
      readonly aggregate: AggregateName | null;
      readonly concept: ConceptName | null;
      readonly comparison: Comparison;
      /** Several: any of them, or the two ends of "between". */
      readonly operands: readonly Operand[];
      readonly negated: boolean;
      readonly hints: Hints;
    }
  | {
      readonly kind: 'value';
      readonly attribute: Mention | null;
      readonly values: readonly Mention[];
      /** 'all': "both cats and dogs"; 'any': "cats or dogs". */
      readonly join: 'any' | 'all';
      readonly negated: boolean;
      readonly hints: Hints;
    }
  | { readonly kind: 'related'; readonly noun: NounNode; readonly quantifier: Quantifier; readonly hints: Hints }
  | { readonly kind: 'top'; readonly top: TopNode; readonly hints: Hints }
  | { readonly kind: 'group'; readonly noun: NounNode; readonly per: boolean }
  | { readonly kind: 'group-date'; readonly unit: DateUnit; readonly mention: Mention | null }
  | { readonly kind: 'order'; readonly keys: readonly OrderNode[] }
  | { readonly kind: 'date'; readonly ranges: readonly DateRange[]; readonly negated: boolean; readonly hints: Hints }
  | { readonly kind: 'either'; readonly options: readonly Modifier[] };

/** "the 3 largest", "with the most concerts", "with the highest average salary". */
export interface TopNode {
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly attribute: Mention | null;
  readonly aggregate: AggregateName | null;
  readonly concept: ConceptName | null;
  /** "the most concerts", "the most common": by how many. */
  readonly count: NounNode | 'rows' | null;
}

export interface OrderNode {
  readonly direction: 'asc' | 'desc';
  readonly attribute: Mention | null;
  readonly aggregate: AggregateName | null;
  readonly concept: ConceptName | null;
  /** "figure": the one number that is asked for. */
  readonly count: NounNode | 'rows' | 'figure' | null;
}
