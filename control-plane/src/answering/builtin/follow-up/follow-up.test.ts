import { expect, test } from 'vitest';
import { builtinWriter } from '../builtin-writer.ts';
import { SHOP } from '../testing/shop.sql.ts';
import { ask, openFixture } from '../testing/sqlite-fixture.ts';

const shop = openFixture(SHOP);
const writer = builtinWriter();

const last = (turns: readonly string[]) => ask(writer, shop, turns.at(-1) ?? '', { earlier: turns.slice(0, -1) });

/** What the last question of a conversation means is what the whole question would mean. */
test.each<[string[], string]>([
  [['how many orders were placed in 2025?', 'and in 2026?'], 'how many orders were placed in 2026?'],
  [['how many orders were placed in 2025?', 'by month'], 'how many orders were placed in 2025 per month'],
  [['how many customers are from Germany?', 'what about Austria?'], 'how many customers are from Austria?'],
  [['how many customers are from Germany?', 'what about Austria?', 'and Japan?'], 'how many customers are from Japan?'],
  [['how many orders are cancelled?', 'what about delivered ones?'], 'how many orders are delivered?'],
  [['how many orders were placed in 2026?', 'only cancelled ones'], 'how many cancelled orders were placed in 2026?'],
  [['number of orders per status', 'by channel'], 'number of orders per channel'],
  [['list the products', 'cheaper than 50', 'most expensive first'], 'products cheaper than 50, most expensive first'],
  [['customers in Wien', 'how many of them are there?'], 'how many customers are in Wien?'],
  [['customers in Wien', 'sorted by last name'], 'customers in Wien sorted by last name'],
  [['how many orders are there?', 'and customers?'], 'how many customers are there?'],
  [['top 5 products by revenue', 'in 2025'], 'top 5 products by revenue in 2025'],
  [['average salary of employees', 'by region'], 'average salary of employees by region'],
])('%j', async (turns, whole) => {
  const [draft, expected] = [await last(turns), await ask(writer, shop, whole)];
  if (draft.kind !== 'statement' || expected.kind !== 'statement') throw new Error(JSON.stringify([draft, expected]));
  expect(shop.rows(draft.sql)).toEqual(shop.rows(expected.sql));
  expect(draft.assumptions[0]).toMatch(/^This goes on from “/);
});

test('a question that stands alone is not read into the one before it', async () => {
  const turns = ['how many orders were placed last month?', 'how many employees are there?'];
  expect(await last(turns)).toMatchObject({
    sql: 'SELECT COUNT(*) AS employee_count\nFROM employees',
    assumptions: [],
  });
});

test('what makes no sense alone or after the question before is named', async () => {
  const draft = await last(['how many orders are there?', 'what about blue ones?']);
  expect(draft).toEqual({
    kind: 'unsure',
    reason: expect.stringMatching(/“blue”.*“what about blue ones\?”.*“how many orders are there\?”/),
  });
});

test('a fragment with nothing before it is no question', async () => {
  expect(await ask(writer, shop, 'and in 2024?')).toMatchObject({ kind: 'unsure' });
});
