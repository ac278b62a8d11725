import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Column, VALUE_KINDS } from '#core/values.ts';
import { widthOf } from './cells.ts';
import { tableRenderer } from './table.ts';

const plain = (_: string, text: string): string => text;
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('日本商事', '👩‍👩‍👧‍👦', 'Zoë', '\u001b[2J', 'e\u0301e\u0301', ''),
);
const table = fc.integer({ min: 1, max: 12 }).chain((width) =>
  fc.tuple(
    fc.array(fc.record({ name: text, type: fc.constant('t'), kind: fc.constantFrom(...VALUE_KINDS) }), {
      minLength: width,
      maxLength: width,
    }),
    fc.array(
      fc.array(fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null)), { minLength: width, maxLength: width }),
      { maxLength: 8 },
    ),
  ),
);

test('no line is wider than the terminal, and whatever is missing is told', () => {
  fc.assert(
    fc.property(table, fc.integer({ min: 40, max: 160 }), ([columns, rows], room) => {
      const renderer = tableRenderer({ columns: room, style: plain });
      const lines = (renderer.head(columns, rows) + renderer.rows(rows)).split('\n').slice(0, -1);
      expect(lines).toHaveLength(rows.length + 2);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(room);
      const unbounded = tableRenderer({ columns: Number.POSITIVE_INFINITY, style: plain });
      const whole = unbounded.head(columns, rows) + unbounded.rows(rows);
      if (lines.join('\n') !== whole.slice(0, -1)) expect(renderer.omissions()).not.toEqual([]);
      expect(unbounded.omissions()).toEqual([]);
    }),
  );
});

test('room is taken from the widest columns only', () => {
  const columns: Column[] = ['id', 'comment'].map((name) => ({ name, type: 't', kind: 'text' }));
  const renderer = tableRenderer({ columns: 40, style: plain });
  const rows = [['12345', 'x'.repeat(100)]];
  expect(renderer.head(columns, rows) + renderer.rows(rows)).toBe(
    `id    │ comment\n──────┼─${'─'.repeat(32)}\n12345 │ ${'x'.repeat(31)}…\n`,
  );
});

test('rows after the ones it was laid out by keep to the layout', () => {
  const columns: Column[] = [{ name: 'a', type: 't', kind: 'text' }];
  const renderer = tableRenderer({ columns: 40, style: plain });
  renderer.head(columns, [['short']]);
  expect(renderer.rows([['much longer']])).toBe('much…\n');
  expect(renderer.omissions()).toHaveLength(1);
});
