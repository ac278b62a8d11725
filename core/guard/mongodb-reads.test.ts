import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadGuard } from './load-guard.ts';
import { arbitraryExpressionPlace } from './testing/arbitrary-pipeline.ts';
import type { Allowed } from './verdict.ts';

async function readsOf(statement: string): Promise<Allowed> {
  const verdict = await (await loadGuard('mongodb')).check(statement);
  if (verdict.verdict === 'deny') throw new Error(verdict.reason);
  return verdict;
}

/** Columns as `table.column`, with an exclamation mark where they are shown; each once, sorted. */
async function usesOf(statement: string): Promise<string[]> {
  const { columnUses } = await readsOf(statement);
  const uses = columnUses.map(
    ({ tables, name, role }) => `${tables.map((table) => table.name).join('|')}.${name}${role === 'shown' ? '!' : ''}`,
  );
  return [...new Set(uses)].sort();
}

const orders = (...stages: readonly string[]) => `{"collection": "orders", "pipeline": [${stages.join(', ')}]}`;
const LOOKUP = '{"$lookup": {"from": "customers", "localField": "cid", "foreignField": "_id", "as": "c"}}';

test('a verdict names collections, fields, stages and operators', async () => {
  const { tables, columns, functions } = await readsOf(
    orders(LOOKUP, '{"$group": {"_id": "$address.city", "n": {"$sum": {"$abs": "$total"}}}}'),
  );
  expect(tables).toEqual([
    { schema: null, name: 'customers' },
    { schema: null, name: 'orders' },
  ]);
  expect(columns).toEqual(['_id', 'address.city', 'cid', 'total']);
  expect(functions).toEqual(['$abs', '$group', '$lookup', '$sum']);
});

test('a pipeline alone reads a collection that any name may be of', async () => {
  expect((await readsOf('[{"$match": {"a": 1}}]')).tables).toEqual([{ schema: null, name: '*' }]);
  expect((await readsOf('[{"$documents": [{"a": 1}]}]')).tables).toEqual([]);
});

test('a collection of another database is named with it', async () => {
  const { tables } = await readsOf(
    orders('{"$lookup": {"from": {"db": "hr", "coll": "pay"}, "pipeline": [], "as": "p"}}'),
  );
  expect(tables).toContainEqual({ schema: 'hr', name: 'pay' });
});

test.each<[string, string[]]>([
  ['{"collection": "orders", "find": {}}', ['orders.*!']],
  [
    '{"collection": "orders", "find": {"a.b": 1}, "sort": {"c": 1}, "limit": 5}',
    ['orders.*!', 'orders.a.b', 'orders.c'],
  ],
  [
    '{"collection": "orders", "find": {}, "projection": {"a": 1, "b.c": true}}',
    ['orders._id!', 'orders.a!', 'orders.b.c!'],
  ],
  ['{"collection": "orders", "find": {}, "projection": {"a": 1, "_id": 0}}', ['orders.a!']],
  ['{"collection": "orders", "find": {}, "projection": {"a": 0}}', ['orders.*']],
  ['{"collection": "orders", "find": {}, "projection": {"_id": 0}}', ['orders.*']],
  ['{"collection": "orders", "find": {}, "projection": {"a": {"$slice": 1}}}', ['orders.*', 'orders.a']],
  ['{"collection": "orders", "find": {}, "projection": {"a": {"$slice": 1}, "_id": 1}}', ['orders.*', 'orders.a']],
  ['{"collection": "orders", "find": {}, "projection": {"s": {"$meta": "textScore"}}}', ['orders.*']],
  [
    '{"collection": "orders", "find": {}, "projection": {"a": {"$elemMatch": {"b": 1}}}}',
    ['orders._id', 'orders.a', 'orders.a.b'],
  ],
  ['{"collection": "orders", "find": {}, "projection": {"x": "$secret"}}', ['orders._id', 'orders.secret']],
  ['{"collection": "orders", "count": {"a": 1}}', ['orders.a']],
  ['{"collection": "orders", "distinct": "a", "filter": {"b": 1}}', ['orders.a', 'orders.b']],
  ['{"collection": "orders", "find": {}, "hint": "secret_1", "projection": {"_id": 1}}', ['orders.*', 'orders._id!']],
  [
    '{"collection": "orders", "find": {}, "hint": {"secret": 1}, "projection": {"_id": 1}}',
    ['orders._id!', 'orders.secret'],
  ],
])('find, count, distinct: %s', async (statement, uses) => {
  expect(await usesOf(statement)).toEqual(uses);
});

test.each<[string, string[]]>([
  ['{"items": {"$elemMatch": {"sku": 1, "$or": [{"n": 1}]}}}', ['items', 'items.n', 'items.sku']],
  ['{"items.0.price": {"$gt": 1}}', ['items.0.price', 'items.price']],
  ['{"$or": [{"a": 1}, {"$and": [{"b": {"$not": {"$gt": 1}}}]}]}', ['a', 'b']],
  ['{"$expr": {"$eq": ["$a.b", "$$ROOT.c"]}}', ['a.b', 'c']],
  ['{"$expr": {"$in": ["x", {"$objectToArray": "$$CURRENT"}]}}', ['*']],
  ['{"$text": {"$search": "x"}}', ['*']],
  ['{"$jsonSchema": {"required": ["a"]}}', ['*']],
  ['{"a": {"$not": {"$elemMatch": {"b": 1}}}}', ['a', 'a.b']],
  ['{"a": {"$all": [{"$elemMatch": {"b": 1}}]}}', ['a', 'a.b']],
])('a query: %s', async (query, columns) => {
  const { columns: found } = await readsOf(`{"collection": "orders", "count": ${query}}`);
  expect(found).toEqual(columns);
});

const pipelines: readonly [readonly string[], string[]][] = [
  [[], ['orders.*!']],
  [
    ['{"$match": {"a": 1}}', '{"$sort": {"b": 1}}', '{"$limit": 1}', '{"$sample": {"size": 1}}'],
    ['orders.*!', 'orders.a', 'orders.b'],
  ],
  [
    ['{"$project": {"a": 1}}', '{"$sort": {"a": 1}}'],
    ['orders._id!', 'orders.a', 'orders.a!'],
  ],
  [
    ['{"$project": {"a": 1}}', '{"$addFields": {"b": "$a"}}'],
    ['orders._id', 'orders.a'],
  ],
  [['{"$project": {"a": 1, "b": {"$abs": "$c"}}}'], ['orders._id', 'orders.a', 'orders.c']],
  [['{"$addFields": {"b": "$c"}}'], ['orders.*', 'orders.c']],
  [['{"$unset": "a"}'], ['orders.*']],
  [['{"$unwind": "$a"}'], ['orders.*', 'orders.a']],
  [['{"$count": "n"}'], []],
  [
    [
      '{"$group": {"_id": "$a", "n": {"$sum": "$b"}}}',
      '{"$match": {"n": {"$gt": 1}, "_id.x": 1}}',
      '{"$sort": {"n": 1}}',
    ],
    ['orders.a', 'orders.b'],
  ],
  [['{"$group": {"_id": null, "all": {"$push": "$$ROOT"}}}'], ['orders.*']],
  [
    ['{"$project": {"a": 1}}', '{"$group": {"_id": null, "all": {"$push": "$$ROOT"}}}'],
    ['orders._id', 'orders.a'],
  ],
  [['{"$addFields": {"x": 1}}', '{"$project": {"x": 1, "_id": 0}}'], []],
  // $addFields merges objects: the rest of x is still the stored one.
  [['{"$addFields": {"x": {"y": 1}}}', '{"$project": {"x": 1, "_id": 0}}'], ['orders.x']],
  [['{"$addFields": {"x.y": 1}}', '{"$project": {"x": 1, "_id": 0}}'], ['orders.x']],
  [
    ['{"$replaceRoot": {"newRoot": "$a"}}', '{"$match": {"b": 1}}'],
    ['orders.a', 'orders.b'],
  ],
  [
    ['{"$addFields": {"x": 1}}', '{"$replaceRoot": {"newRoot": "$a"}}', '{"$match": {"x": 1}}'],
    ['orders.a', 'orders.x'],
  ],
  [['{"$replaceWith": {"$mergeObjects": ["$$ROOT", {"a": 1}]}}'], ['orders.*']],
  [['{"$project": {"v": {"$getField": "a"}, "_id": 0}}'], ['orders.a']],
  [['{"$project": {"v": {"$getField": "a.b"}, "_id": 0}}'], ['orders.*']],
  [['{"$project": {"v": {"$getField": {"$concat": ["a", "b"]}}, "_id": 0}}'], ['orders.*']],
  [['{"$project": {"v": {"$getField": {"field": "a", "input": "$b"}}, "_id": 0}}'], ['orders.b']],
  [['{"$addFields": {"a": 1}}', '{"$project": {"v": {"$getField": "a.b"}, "_id": 0}}'], ['orders.*']],
  [['{"$project": {"v": {"$meta": "indexKey"}, "_id": 0}}'], ['orders.*']],
  [['{"$project": {"v": {"$map": {"input": "$items", "in": "$$this.price"}}, "_id": 0}}'], ['orders.items']],
  [['{"$project": {"v": {"$let": {"vars": {"x": "$a"}, "in": "$$x.b"}}, "_id": 0}}'], ['orders.a']],
  [['{"$project": {"v": {"$literal": "$a"}, "_id": 0}}'], []],
  [
    ['{"$facet": {"a": [{"$match": {"x": 1}}], "b": [{"$count": "n"}]}}', '{"$project": {"a": 1, "_id": 0}}'],
    ['orders.*', 'orders.x'],
  ],
  [['{"$facet": {"b": [{"$group": {"_id": "$x"}}]}}'], ['orders.x']],
  [['{"$bucket": {"groupBy": "$a", "boundaries": [0, 1]}}'], ['orders.a']],
  [['{"$sortByCount": "$a"}'], ['orders.a']],
  [['{"$redact": {"$cond": ["$level", "$$KEEP", "$$PRUNE"]}}'], ['orders.*', 'orders.level']],
  [
    [
      '{"$setWindowFields": {"partitionBy": "$a", "sortBy": {"b": 1}, "output": {"x": {"$sum": "$c"}}}}',
      '{"$project": {"x": 1, "_id": 0}}',
    ],
    ['orders.a', 'orders.b', 'orders.c'],
  ],
  [
    [
      '{"$densify": {"field": "a", "partitionByFields": ["b"], "range": {"step": 1, "bounds": "full"}}}',
      '{"$count": "n"}',
    ],
    ['orders.a', 'orders.b'],
  ],
  [
    [
      '{"$fill": {"partitionByFields": ["a"], "sortBy": {"b": 1}, "output": {"c": {"value": "$d"}}}}',
      '{"$count": "n"}',
    ],
    ['orders.a', 'orders.b', 'orders.c', 'orders.d'],
  ],
  [['{"$geoNear": {"near": [0, 0], "distanceField": "d"}}', '{"$project": {"d": 1, "_id": 0}}'], ['orders.*']],
  [
    ['{"$geoNear": {"near": [0, 0], "distanceField": "d", "key": "at"}}', '{"$project": {"d": 1, "_id": 0}}'],
    ['orders.at'],
  ],
  [['{"$search": {"text": {"query": "x", "path": "a"}}}', '{"$count": "n"}'], ['orders.*']],
];

test.each(pipelines)('a pipeline: %j', async (stages, uses) => {
  expect(await usesOf(orders(...stages))).toEqual(uses);
});

test.each<[string, string[]]>([
  [orders(LOOKUP, '{"$project": {"c.name": 1, "_id": 0}}'), ['customers._id', 'customers.name', 'orders.cid']],
  [
    orders(
      '{"$lookup": {"from": "u", "let": {"x": "$a"}, "pipeline": [{"$match": {"$expr": {"$eq": ["$b", "$$x"]}}}, {"$project": {"k": 1, "_id": 0}}], "as": "u"}}',
      '{"$count": "n"}',
    ),
    ['orders.a', 'u.b', 'u.k'],
  ],
  [
    orders(
      '{"$lookup": {"from": "u", "pipeline": [{"$lookup": {"from": "v", "pipeline": [{"$group": {"_id": "$k"}}], "as": "v"}}, {"$project": {"v": 1, "_id": 0}}], "as": "u"}}',
      '{"$count": "n"}',
    ),
    ['v.k'],
  ],
  [orders('{"$unionWith": "u"}', '{"$group": {"_id": "$k"}}'), ['orders|u.k', 'u.*']],
  [
    orders(
      '{"$project": {"k": 1, "_id": 0}}',
      '{"$unionWith": {"coll": "u", "pipeline": [{"$project": {"m": 1, "_id": 0}}]}}',
    ),
    ['orders.k', 'u.m'],
  ],
  [
    orders(
      '{"$graphLookup": {"from": "u", "startWith": "$a", "connectFromField": "b", "connectToField": "c", "as": "g", "restrictSearchWithMatch": {"d": 1}}}',
      '{"$count": "n"}',
    ),
    ['orders.a', 'u.b', 'u.c', 'u.d'],
  ],
  ['[{"$documents": [{"a": 1}]}, {"$unionWith": "u"}, {"$match": {"a": 1}}]', ['u.*', 'u.a']],
])('fields belong to the collection they are read from: %s', async (statement, uses) => {
  expect(await usesOf(statement)).toEqual(uses);
});

test('a field is named wherever it is read', async () => {
  const property = fc.asyncProperty(arbitraryExpressionPlace, async (place) => {
    const statement = place('{"$abs": "$secret.x"}');
    expect((await readsOf(statement)).columns, statement).toContain('secret.x');
  });
  await fc.assert(property, { numRuns: 2_000 });
});

test('a document that is read as a whole stands for all its fields', async () => {
  const property = fc.asyncProperty(arbitraryExpressionPlace, async (place) => {
    const statement = place('{"$objectToArray": "$$ROOT"}');
    const { tables, columns } = await readsOf(statement);
    const isNarrowed = /"\$(group|project|bucket|bucketAuto|sortByCount|replaceRoot|replaceWith|facet|documents)"/.test(
      statement,
    );
    if (!isNarrowed && tables.length > 0 && !statement.includes('"let"')) expect(columns, statement).toContain('*');
  });
  await fc.assert(property, { numRuns: 2_000 });
});

const CID = ['customers._id', 'orders.cid'];

test.each<[readonly string[], string[]]>([
  [[], ['customers.*', 'orders.*']],
  [['{"$unwind": "$c"}', '{"$group": {"_id": "$c.country"}}'], ['customers.country']],
  [['{"$match": {"c.0.country": "DE"}}', '{"$count": "n"}'], ['customers.country']],
  [['{"$project": {"c": 1, "_id": 0}}'], ['customers.*']],
  [['{"$project": {"x": {"$first": "$c"}, "_id": 0}}'], ['customers.*']],
  [['{"$project": {"x": "$$ROOT", "_id": 0}}'], ['customers.*', 'orders.*']],
  [['{"$unset": "c"}'], ['orders.*']],
  [['{"$project": {"c": 0}}'], ['orders.*']],
  [['{"$unset": "c.ssn"}'], ['customers.*', 'orders.*']],
  [['{"$addFields": {"c": 1}}', '{"$project": {"c": 1, "_id": 0}}'], []],
  [['{"$addFields": {"c": {"x": 1}}}', '{"$project": {"c": 1, "_id": 0}}'], ['customers.*']],
  [['{"$replaceRoot": {"newRoot": {"$arrayElemAt": ["$c", 0]}}}'], ['customers.*']],
  [['{"$group": {"_id": "$a", "all": {"$push": "$c"}}}'], ['customers.*', 'orders.a']],
  [['{"$facet": {"x": [{"$limit": 1}]}}'], ['customers.*', 'orders.*']],
  [['{"$facet": {"x": [{"$group": {"_id": "$c.k"}}]}}'], ['customers.k']],
  [['{"$project": {"v": {"$getField": {"$concat": ["a", "b"]}}, "_id": 0}}'], ['customers.*', 'orders.*']],
  [['{"$project": {"v": {"$getField": "c"}, "_id": 0}}'], ['customers.*']],
  [['{"$sort": {"c": 1}}', '{"$count": "n"}'], ['customers.*']],
  [
    ['{"$redact": "$$KEEP"}', '{"$count": "n"}'],
    ['customers.*', 'orders.*'],
  ],
  [
    ['{"$unionWith": "u"}', '{"$project": {"c.k": 1, "_id": 0}}'],
    ['customers.k', 'u.*'],
  ],
])('joined documents are read where their fields are: %j', async (stages, uses) => {
  expect(await usesOf(orders(LOOKUP, ...stages))).toEqual([...CID, ...uses].sort());
});

test('documents joined to joined documents come along with them', async () => {
  const inner = '{"$lookup": {"from": "v", "pipeline": [], "as": "v"}}';
  const nested = (project: string) =>
    orders(
      `{"$lookup": {"from": "u", "pipeline": [{"$project": {"k": 1, "_id": 0}}, ${inner}], "as": "u"}}`,
      `{"$project": {${project}, "_id": 0}}`,
    );
  expect(await usesOf(nested('"u.v.name": 1'))).toEqual(['u.k', 'v.name']);
  expect(await usesOf(nested('"u": 1'))).toEqual(['u.k', 'v.*']);
  expect(await usesOf(nested('"a": 1'))).toEqual(['orders.a', 'u.k']);
});
