import fc from 'fast-check';

/** A way of writing something around an expression, a stage or a pipeline; what it makes is allowed if that is. */
type Wrap = (inner: string) => string;

const EXPRESSIONS: readonly Wrap[] = [
  (e) => `{"$add": [1, ${e}]}`,
  (e) => `{"$toString": ${e}}`,
  (e) => `{"$cond": [{"$gt": ["$a", 1]}, ${e}, null]}`,
  (e) => `{"$cond": {"if": ${e}, "then": 1, "else": "$b"}}`,
  (e) => `{"$switch": {"branches": [{"case": {"$eq": ["$a", ${e}]}, "then": 1}], "default": 0}}`,
  (e) => `{"$switch": {"branches": [{"case": true, "then": ${e}}], "default": 0}}`,
  (e) => `{"$switch": {"branches": [], "default": ${e}}}`,
  (e) => `{"$map": {"input": "$items", "as": "i", "in": ${e}}}`,
  (e) => `{"$map": {"input": [${e}], "in": "$$this.x"}}`,
  (e) => `{"$filter": {"input": "$items", "cond": ${e}}}`,
  (e) => `{"$reduce": {"input": "$items", "initialValue": ${e}, "in": {"$add": ["$$value", 1]}}}`,
  (e) => `{"$reduce": {"input": "$items", "initialValue": 0, "in": ${e}}}`,
  (e) => `{"$let": {"vars": {"v": ${e}}, "in": "$$v"}}`,
  (e) => `{"$let": {"vars": {"v": 1}, "in": ${e}}}`,
  (e) => `{"$dateTrunc": {"date": ${e}, "unit": "month"}}`,
  (e) => `{"$year": {"date": "$at", "timezone": ${e}}}`,
  (e) => `{"$getField": {"field": "x", "input": ${e}}}`,
  (e) => `{"$setField": {"field": "x", "input": "$$ROOT", "value": ${e}}}`,
  (e) => `{"$mergeObjects": ["$$ROOT", {"deep": {"er": ${e}}}]}`,
  (e) => `{"$sortArray": {"input": ${e}, "sortBy": 1}}`,
  (e) => `{"$zip": {"inputs": ["$a", ${e}]}}`,
  (e) => `{"$range": [0, ${e}]}`,
  (e) => `{"$regexMatch": {"input": ${e}, "regex": "x"}}`,
  (e) => `[${e}, "$a", {"plain": 1}]`,
  (e) => `{"plain": ${e}}`,
];

/** An expression in a query. */
const QUERIES: readonly Wrap[] = [
  (e) => `{"$expr": ${e}}`,
  (e) => `{"a": 1, "$or": [{"b": {"$gt": 2}}, {"$and": [{"$expr": ${e}}]}]}`,
  (e) => `{"$nor": [{"$expr": ${e}}]}`,
];

const IN_STAGES: readonly Wrap[] = [
  (e) => `{"$project": {"a": 1, "x": ${e}}}`,
  (e) => `{"$project": {"a": {"b": {"c": ${e}}}}}`,
  (e) => `{"$addFields": {"x.y": ${e}}}`,
  (e) => `{"$set": {"x": {"y": ${e}}}}`,
  (e) => `{"$group": {"_id": ${e}, "n": {"$sum": 1}}}`,
  (e) => `{"$group": {"_id": null, "n": {"$push": ${e}}}}`,
  (e) => `{"$group": {"_id": null, "n": {"$topN": {"n": 2, "sortBy": {"a": 1}, "output": ${e}}}}}`,
  (e) => `{"$group": {"_id": null, "n": {"$percentile": {"input": ${e}, "p": [0.5], "method": "approximate"}}}}`,
  (e) => `{"$bucket": {"groupBy": ${e}, "boundaries": [0, 1]}}`,
  (e) => `{"$bucket": {"groupBy": "$a", "boundaries": [0, 1], "output": {"n": {"$max": ${e}}}}}`,
  (e) => `{"$bucketAuto": {"groupBy": ${e}, "buckets": 3}}`,
  (e) => `{"$sortByCount": ${e}}`,
  (e) => `{"$replaceRoot": {"newRoot": ${e}}}`,
  (e) => `{"$replaceWith": ${e}}`,
  (e) => `{"$redact": ${e}}`,
  (e) => `{"$setWindowFields": {"partitionBy": ${e}, "sortBy": {"a": 1}, "output": {"r": {"$rank": {}}}}}`,
  (e) =>
    `{"$setWindowFields": {"sortBy": {"a": 1}, "output": {"s": {"$sum": ${e}, "window": {"documents": [-1, 0]}}}}}`,
  (e) => `{"$setWindowFields": {"sortBy": {"a": 1}, "output": {"s": {"$shift": {"output": ${e}, "by": 1}}}}}`,
  (e) => `{"$fill": {"output": {"a": {"value": ${e}}}}}`,
  (e) => `{"$lookup": {"from": "u", "let": {"v": ${e}}, "pipeline": [], "as": "u"}}`,
  (e) =>
    `{"$graphLookup": {"from": "u", "startWith": ${e}, "connectFromField": "a", "connectToField": "b", "as": "u"}}`,
  (e) => `{"$unionWith": {"pipeline": [{"$documents": [${e}]}]}}`,
];

const QUERY_STAGES: readonly Wrap[] = [
  (q) => `{"$match": ${q}}`,
  (q) => `{"$geoNear": {"near": [0, 0], "distanceField": "d", "query": ${q}}}`,
  (q) =>
    `{"$graphLookup": {"from": "u", "startWith": 1, "connectFromField": "a", "connectToField": "b", "as": "u", ` +
    `"restrictSearchWithMatch": ${q}}}`,
];

const HONEST = [
  '{"$match": {"a": {"$gt": 1}}}',
  '{"$sort": {"a": -1}}',
  '{"$limit": 5}',
  '{"$unwind": "$items"}',
  '{"$group": {"_id": "$a", "n": {"$sum": 1}}}',
  '{"$project": {"a": 1, "b": {"$literal": {"$out": "x"}}}}',
];

/** A pipeline in a stage of another. */
const NESTED: readonly Wrap[] = [
  (p) => `{"$facet": {"a": [{"$count": "n"}], "b": ${p}}}`,
  (p) => `{"$lookup": {"from": "u", "let": {"v": "$a"}, "pipeline": ${p}, "as": "u"}}`,
  (p) => `{"$unionWith": {"coll": "u", "pipeline": ${p}}}`,
];

const STATEMENTS: readonly Wrap[] = [
  (p) => p,
  (p) => `{"collection": "t", "pipeline": ${p}}`,
  (p) => `{"pipeline": ${p}, "collection": "t", "let": {"w": 1}}`,
];

const QUERY_STATEMENTS: readonly Wrap[] = [
  (q) => `{"collection": "t", "find": ${q}}`,
  (q) => `{"collection": "t", "count": ${q}}`,
  (q) => `{"collection": "t", "distinct": "a", "filter": ${q}}`,
  (q) => `{"collection": "t", "find": {}, "projection": {"l": {"$elemMatch": ${q}}}}`,
];

const one = (wraps: readonly Wrap[]): fc.Arbitrary<Wrap> => fc.constantFrom(...wraps);
const compose =
  (...wraps: readonly Wrap[]): Wrap =>
  (inner) =>
    wraps.reduceRight((text, wrap) => wrap(text), inner);
const chain = (wraps: readonly Wrap[], maxLength: number): fc.Arbitrary<Wrap> =>
  fc.array(one(wraps), { maxLength }).map((list) => compose(...list));

const around = fc
  .tuple(fc.array(fc.constantFrom(...HONEST), { maxLength: 3 }), fc.array(fc.constantFrom(...HONEST), { maxLength: 2 }))
  .map(
    ([before, after]): Wrap =>
      (stage) =>
        `[${[...before, stage, ...after].join(', ')}]`,
  );
const nesting = fc
  .array(fc.tuple(around, one(NESTED)), { maxLength: 3 })
  .map((levels) => compose(...levels.map(([pipeline, nested]) => compose(pipeline, nested))));

/** Where a stage may stand: anywhere in a pipeline, or in one inside it, in any form. */
export const arbitraryStagePlace: fc.Arbitrary<Wrap> = fc
  .tuple(one(STATEMENTS), nesting, around)
  .map((wraps) => compose(...wraps));

/** Where an expression may stand. */
export const arbitraryExpressionPlace: fc.Arbitrary<Wrap> = fc.oneof(
  fc.tuple(arbitraryStagePlace, one(IN_STAGES), chain(EXPRESSIONS, 4)).map((wraps) => compose(...wraps)),
  fc
    .tuple(arbitraryStagePlace, one(QUERY_STAGES), one(QUERIES), chain(EXPRESSIONS, 4))
    .map((wraps) => compose(...wraps)),
  fc.tuple(one(QUERY_STATEMENTS), one(QUERIES), chain(EXPRESSIONS, 4)).map((wraps) => compose(...wraps)),
  chain(EXPRESSIONS, 4).map(
    (e): Wrap =>
      (inner) =>
        `{"collection": "t", "find": {}, "projection": {"x": ${e(inner)}}}`,
  ),
  chain(EXPRESSIONS, 4).map(
    (e): Wrap =>
      (inner) =>
        `{"collection": "t", "pipeline": [], "let": {"x": ${e(inner)}}}`,
  ),
);

const STRING = /("(?:[^"\\]|\\.)*")/;

const inStrings =
  (change: (text: string) => string): Wrap =>
  (json) =>
    json
      .split(STRING)
      .map((piece, index) => (index % 2 === 1 ? `"${change(piece.slice(1, -1))}"` : piece))
      .join('');
const outside =
  (change: (text: string) => string): Wrap =>
  (json) =>
    json
      .split(STRING)
      .map((piece, index) => (index % 2 === 0 ? change(piece) : piece))
      .join('');
const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Other ways of writing the same JSON, or something worse. */
const MUTATIONS: readonly Wrap[] = [
  inStrings((text) => text.replace(/^\$/, '\\u0024')),
  inStrings((text) => (text.includes('\\') ? text : text.replace(/[a-z]/g, escaped))),
  inStrings((text) =>
    text.includes('\\') ? text : text.replace(/^[^a-z]*[a-z]/, (start) => [...start].map(escaped).join('')),
  ),
  inStrings((text) => text.replace(/^\$/, '$\\u200b')),
  inStrings((text) => `${text}\\u0000`),
  inStrings((text) => `${text} `),
  inStrings((text) => text.toUpperCase()),
  outside((text) => text.replace(/[[\]{}:,]/g, (mark) => `\n\t ${mark} \r\n`)),
  outside((text) => text.replace(/,/g, ',/**/')),
  outside((text) => text.replace(/\}/g, ',}')),
  (json) => json.replace(/\{("[^"]*"):/, '{$1: {}, $1:'),
  (json) => json.replace(/\{("[^"]*"):/, '{"__proto__": {}, $1:'),
  (json) => `{"collection": "t", "pipeline": ${json}}`,
  (json) => `[{"$facet": {"x": ${json}}}]`,
  (json) => `[{"$lookup": {"from": "u", "pipeline": ${json}, "as": "x"}}]`,
  (json) => `[${json}]`,
  (json) => `${json}[]`,
  (json) => `[]${json}`,
  (json) => `\ufeff${json}`,
  (json) => json.replaceAll("'", '"'),
  (json) => json.replaceAll('"', "'"),
];

export const arbitraryJsonMutation: fc.Arbitrary<Wrap> = fc
  .array(one(MUTATIONS), { minLength: 1, maxLength: 4 })
  .map((list) => compose(...list));
