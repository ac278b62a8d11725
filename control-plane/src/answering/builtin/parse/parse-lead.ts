import type { Cursor } from './cursor.ts';

/** How the question begins, as far as it changes what is asked. */
export interface Lead {
  readonly mode: 'list' | 'how-many' | 'how-much' | 'when' | 'where' | 'who';
  readonly distinct: boolean;
}

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
export function parseLead(cursor: Cursor): Lead {
  while (cursor.eat(...OPENERS)) {}
  if (cursor.is('how') && cursor.peek(1)?.lower === 'much') {
    cursor.advance(2);
    return { mode: 'how-much', distinct: false };
  }
  if (cursor.eat('when')) return { mode: 'when', distinct: false };
  if (cursor.eat('where')) return { mode: 'where', distinct: false };
  if (cursor.eat('who', 'whom')) return { mode: 'who', distinct: false };
  return { mode: cursor.is('how') ? 'how-many' : 'list', distinct: false };
}
