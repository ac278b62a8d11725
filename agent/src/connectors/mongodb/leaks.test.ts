import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCustardError } from '#core/errors.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import { parsePolicy } from '#core/policy/parse-policy.ts';
import { PolicyGuard } from '../../policy/policy-guard.ts';
import { collect } from '../testing/collect.ts';
import { type MongodbFixture, SERVER_NAME, startMongodb } from './testing/mongodb-fixture.ts';

const PEOPLE = [
  {
    ...{ _id: 1, name: 'Ana', pin: 'SECRET-1', boss: 2, age: 40, geo: { city: 'Bonn', street: 'SECRET-2' } },
    ...{ jobs: [{ at: 'A', pay: 'SECRET-3' }], diary: { day: 'SECRET-4' } },
  },
  { _id: 2, name: 'Bob', pin: 'SECRET-5', age: 50, geo: [{ city: 'Kiel', street: 'SECRET-6' }], diary: 'SECRET-7' },
  { _id: 3, name: 'Cid', age: 60, jobs: [{ at: 'B' }, { at: 'C', pay: 'SECRET-8' }] },
];

const POLICY = parsePolicy(
  `
  version: 1
  columns: { deny: [person.diary] }
  masks:
    - { columns: [person.pin, 'person."geo.street"'], show: hash }
    - { columns: ['person."jobs.pay"'], show: 'null' }`,
  'test',
);

const field = fc.constantFrom(
  'name',
  'pin',
  'age',
  'geo',
  'geo.city',
  'geo.street',
  'jobs',
  'jobs.pay',
  'jobs.at',
  'diary',
);
const expression = fc.oneof(
  field.map((name) => `$${name}`),
  fc.constantFrom(
    '$$ROOT',
    '$$CURRENT',
    { $objectToArray: '$$ROOT' },
    { x: '$pin' },
    { $mergeObjects: ['$geo', '$diary'] },
  ),
  field.map((name) => ({ $ifNull: [`$${name}`, 'none'] })),
  field.map((input) => ({ $map: { input: [1], as: 'one', in: `$${input}` } })),
  field.map((name) => ({ $getField: name })),
);
const inclusion = fc
  .uniqueArray(field, { minLength: 1, maxLength: 3 })
  .filter((names) => !names.some((name) => names.some((other) => other.startsWith(`${name}.`))))
  .map((names) => Object.fromEntries(names.map((name) => [name, 1])));

const { stages } = fc.letrec<{ stages: object[]; stage: object }>((tie) => ({
  stages: fc.array(tie('stage'), { maxLength: 4 }),
  stage: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom({ $match: { age: { $gt: 1 } } }, { $sort: { _id: 1 } }, { $limit: 3 }, { $skip: 1 }),
    },
    { weight: 6, arbitrary: inclusion.map(($project) => ({ $project })) },
    { weight: 2, arbitrary: field.map((name) => ({ $project: { [name]: 0 } })) },
    { weight: 2, arbitrary: expression.map((made) => ({ $project: { made } })) },
    { weight: 2, arbitrary: expression.map((made) => ({ $addFields: { made } })) },
    expression.map((made) => ({ $addFields: { 'geo.made': made, pin: 1 } })),
    expression.map((_id) => ({ $group: { _id, all: { $push: '$name' } } })),
    expression.map((all) => ({ $group: { _id: null, all: { $push: all } } })),
    field.map((name) => ({ $unset: name })),
    field.map((name) => ({ $unwind: { path: `$${name}`, preserveNullAndEmptyArrays: true } })),
    expression.map((newRoot) => ({ $replaceRoot: { newRoot: { newRoot } } })),
    expression.map((inner) => ({ $replaceWith: inner })),
    field.map((name) => ({ $sortByCount: `$${name}` })),
    tie('stages').map((pipeline) => ({ $facet: { all: pipeline } })),
    tie('stages').map((pipeline) => ({ $unionWith: { coll: 'person', pipeline } })),
    tie('stages').map((pipeline) => ({ $lookup: { from: 'person', pipeline, as: 'joined' } })),
    fc.constant({ $lookup: { from: 'person', localField: 'boss', foreignField: '_id', as: 'geo' } }),
    fc.constant({
      $graphLookup: { from: 'person', startWith: '$boss', connectFromField: 'boss', connectToField: '_id', as: 'up' },
    }),
  ),
}));

const find = fc
  .tuple(fc.option(inclusion), fc.constantFrom({}, { age: { $gt: 1 } }, { 'jobs.at': 'C' }))
  .map(([projection, filter]) => ({ collection: 'person', find: filter, ...(projection && { projection }) }));
const statement = fc.oneof(
  { weight: 5, arbitrary: stages.map((pipeline) => ({ collection: 'person', pipeline })) },
  { weight: 1, arbitrary: find },
  { weight: 1, arbitrary: field.map((distinct) => ({ collection: 'person', distinct })) },
);

describe(`a policy on ${SERVER_NAME}`, () => {
  let fixture: MongodbFixture;
  beforeAll(async () => {
    fixture = await startMongodb();
    await fixture.add('person', PEOPLE);
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it('lets no masked or denied value out, whatever the statement', async () => {
    const { connector } = fixture;
    const guard = new PolicyGuard({ guard: await loadGuard('mongodb'), policy: POLICY, connector });
    const options = { maskKey: randomBytes(32), signal: new AbortController().signal };
    let shown = 0;
    const property = fc.asyncProperty(statement, async (asked) => {
      const text = JSON.stringify(asked);
      try {
        const masks = await guard.check(text, options.signal);
        const { data } = await collect(connector, text, { ...options, masks });
        expect(JSON.stringify(data), text).not.toContain('SECRET');
        shown++;
      } catch (error) {
        if (!isCustardError(error)) throw error;
        expect(error.message, text).not.toContain('SECRET');
      }
    });
    await fc.assert(property, { numRuns: 2_000 });
    expect(shown).toBeGreaterThan(150);
    console.info(`mongodb: ${shown} of 2000 statements under a policy were run`);
  }, 60_000);

  it('knows of each field that a statement gives, where it says that it knows them', async () => {
    const { connector } = fixture;
    let run = 0;
    const property = fc.asyncProperty(statement, async (asked) => {
      try {
        await collect(connector, JSON.stringify(asked));
        run++;
      } catch (error) {
        expect(isCustardError(error) && !error.message.includes('does not name'), JSON.stringify(asked)).toBe(true);
      }
    });
    await fc.assert(property, { numRuns: 2_000 });
    expect(run).toBeGreaterThan(1_000);
  }, 60_000);
});
