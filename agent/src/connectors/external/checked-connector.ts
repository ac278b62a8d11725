import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { Explanation } from '#core/explanation.ts';
import { Posture } from '#core/posture.ts';
import { FoundValue } from '#core/protocol/messages.ts';
import { DatabaseSchema } from '#core/schema.ts';
import type { Connector } from '../connector.ts';

const TableName = z.object({ schema: z.string().nullable(), name: z.string() });
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

const METHODS = ['ping', 'describe', 'run', 'findValues', 'relations', 'posture', 'close'] as const;

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
    const problems = parsed.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
    throw unusable(from, `${method}() answers with what it may not: ${problems.join('; ')}.`);
  };
  return {
    dialect,
    ping: (options) => checked('ping', Ping, connector.ping(options)),
    describe: (options) => checked('describe', DatabaseSchema, connector.describe(options)),
    run: (options, sink) => checked('run', End, connector.run(options, sink)),
    findValues: (options) => checked('findValues', z.array(FoundValue), connector.findValues(options)),
    relations: async (options) => {
      const relations = await checked('relations', z.array(Relation), connector.relations(options));
      return relations.map(({ isOpen, ...relation }) => (isOpen === undefined ? relation : { ...relation, isOpen }));
    },
    posture: (options) => checked('posture', Posture, connector.posture(options)),
    close: () => connector.close(),
    ...(connector.explain === undefined
      ? {}
      : { explain: (options) => checked('explain', Explanation, explainOf(connector)(options)) }),
  };
}

function explainOf(connector: Connector): NonNullable<Connector['explain']> {
  return (options) => connector.explain?.(options) ?? Promise.reject(new TypeError('explain() went away.'));
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
  if (!['undefined', 'function'].includes(typeof Reflect.get(opened, 'explain'))) {
    throw unusable(from, 'its connector has an explain that is no function.');
  }
  return opened as Connector;
}

/** @param problem a sentence without its capital */
export function unusable(from: string, problem: string, cause?: unknown): CustardError {
  return new CustardError('CONFIG_INVALID', `The connector ${from} cannot be used: ${problem}`, {
    hint: 'What a connector has to be is in docs/connectors.md, under "Write a connector".',
    cause,
  });
}
