import { z } from 'zod';
import { Explanation } from '#core/explanation.ts';
import { Posture } from '#core/posture.ts';
import { FoundValue } from '#core/protocol/messages.ts';
import type { Connector } from '../connector.ts';
import { checkedPages } from './checked-pages.ts';
import { TableName, unusable, wrongAnswer } from './wrong-answer.ts';

const Relation = z.object({
  asked: TableName,
  name: TableName,
  parents: z.array(TableName),
  columns: z.array(z.object({ name: z.string(), aliases: z.array(z.string()) })),
  isOpen: z.boolean().optional(),
  reads: z.array(TableName.extend({ column: z.string().nullable() })),
});
const Ping = z.object({ version: z.string() });
const End = z.object({ rows: z.int().nonnegative(), truncated: z.boolean() });

const Transport = z.object({
  isLocal: z.boolean(),
  encryption: z.enum(['none', 'unverified', 'verified']),
  protocol: z.string().nullable(),
  cipher: z.string().nullable(),
});

const METHODS = ['ping', 'describe', 'run', 'findValues', 'relations', 'posture', 'close'] as const;
const OPTIONAL_METHODS = ['explain', 'transport'] as const;

/**
 * Somebody else's connector, of whose answers each is looked at before anything rests on it: the policy does on
 * `relations`. CONFIG_INVALID tells its author what is missing.
 */
export function checkedConnector(
  opened: unknown,
  { dialect, from }: { readonly dialect: Connector['dialect']; readonly from: string },
): Connector {
  const connector = conforming(opened, { dialect, from });
  const checked = async <T>(method: string, shape: z.ZodType<T>, answer: Promise<unknown>): Promise<T> => {
    const parsed = shape.safeParse(await answer);
    if (parsed.success) return parsed.data;
    throw wrongAnswer(from, method, parsed.error);
  };
  const explain = connector.explain?.bind(connector);
  const transport = connector.transport?.bind(connector);
  return {
    dialect,
    ping: (options) => checked('ping', Ping, connector.ping(options)),
    describe: (options, onPage) => checkedPages({ connector, from }, options, onPage),
    run: (options, sink) => checked('run', End, connector.run(options, sink)),
    findValues: (options) => checked('findValues', z.array(FoundValue), connector.findValues(options)),
    relations: async (options) => {
      const relations = await checked('relations', z.array(Relation), connector.relations(options));
      return relations.map(({ isOpen, ...relation }) => (isOpen === undefined ? relation : { ...relation, isOpen }));
    },
    posture: (options) => checked('posture', Posture, connector.posture(options)),
    close: () => connector.close(),
    ...(explain === undefined ? {} : { explain: (options) => checked('explain', Explanation, explain(options)) }),
    ...(transport === undefined ? {} : { transport: (options) => checked('transport', Transport, transport(options)) }),
  };
}

function conforming(
  opened: unknown,
  { dialect, from }: { readonly dialect: string; readonly from: string },
): Connector {
  if (!(opened instanceof Object)) throw unusable(from, 'open() gives no connector.');
  const missing = METHODS.filter((name) => typeof Reflect.get(opened, name) !== 'function');
  if (missing.length > 0) throw unusable(from, `its connector lacks ${missing.map((name) => `${name}()`).join(', ')}.`);
  if (Reflect.get(opened, 'dialect') !== dialect) {
    throw unusable(from, `its connector has another dialect than the "${dialect}" of the module.`);
  }
  const wrong = OPTIONAL_METHODS.find((name) => !['undefined', 'function'].includes(typeof Reflect.get(opened, name)));
  if (wrong !== undefined) throw unusable(from, `its connector has a property ${wrong} that is no function.`);
  return opened as Connector;
}
