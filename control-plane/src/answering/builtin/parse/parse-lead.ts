import type { Cursor } from './cursor.ts';

/** What the first word asks of the things named: "when" their date, "where" their place; null: what the outputs say. */
export type Asks = 'how-much' | 'when' | 'where' | 'who' | null;

const OPENERS = [
  'please',
  'can you',
  'could you',
  'would you',
  'i want to see',
  'i would like to see',
  'i want to know',
  'i want',
  'i need',
  'we want',
  "i'd like to see",
  'show me',
  'show us',
  'show',
  'list out',
  'list me',
  'list',
  'find out',
  'find me',
  'find',
  'give me',
  'give us',
  'give',
  'tell me',
  'tell us',
  'get me',
  'get',
  'return me',
  'return',
  'display',
  'select',
  'fetch',
  'retrieve',
  'report',
  'print',
  'provide',
  'name the',
  'calculate',
  'compute',
  'identify',
  'determine',
  'what is',
  'what are',
  'what was',
  'what were',
  "what 's",
  'what',
  'on which',
  'in which',
  'at which',
  'from which',
  'which is',
  'which are',
  'which of',
  'which',
  'and',
  'also',
  ':',
  ',',
  'me',
];

/** Moves past "please show me", "what are" and the like. */
export function parseLead(cursor: Cursor): Asks {
  while (cursor.eat(...OPENERS)) {}
  if (cursor.eat('how much')) return 'how-much';
  const place = cursor.eat('when') ? 'when' : cursor.eat('where') ? 'where' : null;
  if (place !== null) {
    cursor.eat('is', 'are', 'was', 'were', 'do', 'does', 'did');
    return place;
  }
  return cursor.eat('who', 'whom') ? 'who' : null;
}
