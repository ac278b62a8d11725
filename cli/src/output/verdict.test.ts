import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Denied } from '#core/guard/verdict.ts';
import { widthOf } from './cells.ts';
import { safe } from './safe.ts';
import { verdictText } from './verdict.ts';

const plain = (_: string, text: string): string => text;

const denied: Denied = {
  verdict: 'deny',
  code: 'FUNCTION_NOT_ALLOWED',
  reason: 'bogus\u001b[2J() is no function that the guard knows.',
  hint: 'Use one of the functions that only read, or leave the call out.',
};

const character = fc.constantFrom('a', 'b', ' ', '(', '日', '😀', 'é', '\t', '\u001b', '\u202e');
const line = fc.string({ unit: character, maxLength: 120 });

test('whatever the statement: nothing is wider than the terminal, and the caret stands under the place', () => {
  const place = fc.tuple(
    fc.array(line, { minLength: 1, maxLength: 4 }),
    fc.nat(),
    fc.nat(),
    fc.integer({ min: 40, max: 120 }),
  );
  fc.assert(
    fc.property(place, ([lines, anyLine, anyColumn, columns]) => {
      const number = 1 + (anyLine % lines.length);
      const characters = [...(lines[number - 1] ?? '')];
      const column = 1 + (anyColumn % (characters.length + 1));
      const verdict = { ...denied, where: { line: number, column } };
      const text = verdictText({ verdict, statement: lines.join('\n'), dialect: 'postgres', columns, style: plain });
      const printed = text.split('\n').slice(0, -1);
      for (const shown of printed) expect(widthOf(shown)).toBeLessThanOrEqual(columns);
      const [excerpt = '', caret = ''] = printed.slice(-2);
      const before = [...excerpt].findIndex((_, i, all) => widthOf(all.slice(0, i).join('')) === caret.indexOf('^'));
      const under = before < 0 ? '' : [...excerpt].slice(before).join('');
      const wanted = (characters[column - 1] ?? '').replace('\t', ' ');
      expect(under.startsWith(safe(wanted)) || under === '…').toBe(true);
    }),
  );
});

test('long lists and sentences are broken between words', () => {
  const tables = Array.from({ length: 12 }, (_, i) => ({ schema: 'shop', name: `table_${i}` }));
  const verdict = { verdict: 'allow', tables, columns: ['a'], functions: [], columnUses: [] } as const;
  const text = verdictText({ verdict, statement: '', dialect: 'sqlite', columns: 40, style: plain });
  expect(text).toMatch(/^✓ allowed · sqlite\n {2}tables {5}shop\.table_0, shop\.table_1,\n {13}shop\.table_2/);
  expect(text).toMatch(/\n {2}columns {4}a\n$/);
  for (const shown of text.split('\n')) expect(widthOf(shown)).toBeLessThanOrEqual(40);
});
