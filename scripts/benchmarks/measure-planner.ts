import { builtinWriter } from '#control-plane/answering/builtin/builtin-writer.ts';
import { SHOP_QUESTIONS } from '#control-plane/answering/builtin/golden/shop-questions.ts';
import { SHOP } from '#control-plane/answering/builtin/testing/shop.sql.ts';
import { ask, openFixture } from '#control-plane/answering/builtin/testing/sqlite-fixture.ts';
import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';
import type { Figure } from './figures.ts';
import { percentile } from './statistics.ts';

const MANY = 2_000;
const ROUNDS = 3;

/** How long the planner that needs no model takes for a question: on the demo shop, and among 2,000 tables. */
export async function measurePlanner(): Promise<Figure[]> {
  const shop = openFixture(SHOP);
  const small = await measure(shop.schema);
  const large = await measure(among(shop.schema, MANY));
  const figure = (name: string, value: number, target: Figure['target'] = null): Figure => ({
    ...{ section: 'planner', name, value, unit: 'ms', target },
  });
  return [
    figure('first question, demo shop', small.first),
    figure('p50, demo shop', percentile(small.times, 0.5)),
    figure('p95, demo shop', percentile(small.times, 0.95), { atMost: 20 }),
    figure(`first question, ${MANY} tables`, large.first),
    figure(`p50, ${MANY} tables`, percentile(large.times, 0.5)),
    figure(`p95, ${MANY} tables`, percentile(large.times, 0.95), { atMost: 100 }),
  ];

  /** The first question builds the index of the schema; looking into the data is the agent's time and not counted. */
  async function measure(schema: DatabaseSchema): Promise<{ first: number; times: number[] }> {
    const writer = builtinWriter();
    const timed = async (question: string): Promise<number> => {
      let looking = 0;
      const findValues = async (texts: readonly string[]) => {
        const began = performance.now();
        const found = await shop.findValues(texts);
        looking += performance.now() - began;
        return found;
      };
      const started = performance.now();
      await ask(writer, { ...shop, findValues }, question, { schema });
      return performance.now() - started - looking;
    };
    const [opening = ''] = SHOP_QUESTIONS;
    const first = await timed(opening);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++)
      for (const question of SHOP_QUESTIONS) times.push(await timed(question));
    return { first, times };
  }
}

const PLACES = ['archive', 'staging', 'audit', 'import', 'export', 'backup', 'legacy', 'partner', 'finance', 'field'];
const THINGS = ['shipment', 'ledger', 'ticket', 'contract', 'meter', 'survey', 'asset', 'claim', 'route', 'lease'];

/** The shop's tables among many of other names, which share their words and refer to one another. */
function among(schema: DatabaseSchema, count: number): DatabaseSchema {
  const [model] = schema.tables;
  if (model === undefined) throw new Error('no table');
  const name = (at: number): string => `${PLACES[at % 10]}_${THINGS[Math.floor(at / 10) % 10]}_${Math.floor(at / 100)}`;
  const others = Array.from({ length: count }, (_, at): SchemaTable => {
    const columns = [
      ...model.columns,
      ...['status', 'created_at', 'amount', 'owner_name', `${name(at)}_id`].map((column) => ({
        ...{ name: column, type: 'TEXT', kind: 'text' as const, nullable: true, comment: null },
      })),
    ];
    return { ...model, name: name(at), columns, foreignKeys: [] };
  });
  return { ...schema, tables: [...schema.tables, ...others] };
}
