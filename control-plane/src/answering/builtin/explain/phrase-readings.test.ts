import { expect, test } from 'vitest';
import { builtinWriter } from '../builtin-writer.ts';
import { SHOP } from '../testing/shop.sql.ts';
import { ask, openFixture } from '../testing/sqlite-fixture.ts';

const shop = openFixture(SHOP);

const readingOf = async (question: string, earlier: readonly string[] = []) => {
  const draft = await ask(builtinWriter(), shop, question, { earlier });
  return draft.kind === 'statement' ? draft.reading.map(({ phrase, reads }) => `${phrase}: ${reads}`) : draft;
};

test('says of each phrase what it was read as, in the order of the question', async () => {
  expect(await readingOf('How many customers in München have more than 1 order?')).toEqual([
    'How many: how many there are',
    'customers: rows of customers',
    "München: customers.city is 'München'",
    'more than: more than',
    '1: the number 1',
    'order: rows of orders',
  ]);
  expect(await readingOf('average salary of employees hired since May 2024')).toEqual([
    'average: their average',
    'salary: employees.salary',
    'employees: rows of employees',
    'since: at least',
    'May 2024: from 2024-05-01, before 2024-06-01',
  ]);
});

test('says it of all questions of a conversation', async () => {
  expect(await readingOf('and Austria?', ['how many customers are from Germany?'])).toEqual([
    'how many: how many there are',
    'customers: rows of customers',
    "Austria: regions.country is 'Austria'",
  ]);
});
