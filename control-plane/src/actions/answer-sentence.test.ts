import { describe, expect, it } from 'vitest';
import type { Column, Row } from '#core/values.ts';
import { answerSentence } from './answer-sentence.ts';

const integer = (name: string): Column => ({ name, type: 'int8', kind: 'integer' });
const text = (name: string): Column => ({ name, type: 'text', kind: 'text' });
const say = (columns: readonly Column[], sample: readonly Row[], rowCount = sample.length, truncated = false): string =>
  answerSentence({ columns, sample, rowCount, truncated });

describe('the sentence of an answer', () => {
  it.each<[string, string]>([
    [say([integer('count')], [['1204']]), '1,204'],
    [say([{ name: 'avg', type: 'numeric', kind: 'decimal' }], [['-1234567.50']]), '-1,234,567.50'],
    [say([integer('customer_id')], [['120456']]), '120456'],
    [say([integer('year')], [[2025]]), '2025'],
    [say([text('name')], [['日本商事']]), '日本商事'],
    [say([text('name')], [[null]]), 'no value'],
    [say([text('name')], []), 'Nothing matches.'],
    [say([text('name'), integer('total')], [['Ada', '5000']]), 'name: Ada, total: 5,000'],
    [say([text('name')], [['a'], ['b']]), 'a, b'],
    [
      say(
        [text('genre'), integer('tracks')],
        [
          ['Rock', 1297],
          ['Jazz', 130],
        ],
      ),
      'Rock: 1,297; Jazz: 130',
    ],
    [say([text('genre')], [['Rock']], 25_000), '25,000 rows.'],
    [say([text('genre')], [['Rock']], 1, true), 'The first 1 row; there are more.'],
  ])('%s', (sentence, expected) => {
    expect(sentence).toBe(expected);
  });

  it('is short whatever the text', () => {
    expect(say([text('body')], [['é'.repeat(10_000)]])).toHaveLength(81);
  });
});
