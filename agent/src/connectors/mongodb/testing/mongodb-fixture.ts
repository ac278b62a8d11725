import { randomUUID } from 'node:crypto';
import { type Document, MongoClient } from 'mongodb';
import type { Connector } from '../../connector.ts';
import { parseDatabaseUrl } from '../../database-url.ts';
import { openConnector } from '../../registry.ts';
import { ENDLESS, type Rights } from './commands.ts';
import { startEmulator } from './emulator.ts';
import { CUSTOMERS, ORDERS } from './shop-documents.ts';
import { Store, type View } from './store.ts';

/** Of somebody's own; scripts/test says how it comes here. */
export const mongodbUrl = (): string | undefined => process.env['CUSTARD_TEST_MONGODB_URL'];

/** The tests say in their names which of the two they ran against. */
export const SERVER_NAME = mongodbUrl() === undefined ? "an emulator of MongoDB's wire protocol" : 'a real MongoDB';

const SERIES = 60_000;

export interface MongodbFixture {
  readonly connector: Connector;
  readonly url: string;
  /** A statement that does not end by itself, and gives nothing. */
  readonly endless: string;
  /** The emulator takes them in the place of what the collection held. */
  add(name: string, documents: readonly Document[]): Promise<void>;
  /** All collections with all their documents, as text. */
  contents(): Promise<string>;
  /** Statements at work, and open cursors. */
  running(): Promise<number>;
  stop(): Promise<void>;
}

const VIEWS: Readonly<Record<string, View>> = {
  buyer: { viewOn: 'customer', pipeline: [{ $project: { Called: '$name', email: 1 } }] },
  buyer_twice: { viewOn: 'buyer', pipeline: [{ $match: { Called: 'x' } }] },
};
const EMAILS = { v: 2, key: { email: 1 }, name: 'email_1', unique: true };

function* series(): Generator<Document> {
  for (let n = 1; n <= SERIES; n++) yield { _id: n, n, filler: 'x'.repeat(100) };
}

export interface Shop {
  readonly customer: readonly Document[];
  readonly order: readonly Document[];
  readonly views: Readonly<Record<string, View>>;
}

const SHOP: Shop = { customer: CUSTOMERS, order: ORDERS, views: VIEWS };

/** A database of its own with the shop, a long series and views, in the server that CUSTARD_TEST_MONGODB_URL names, if any. */
export async function startMongodb(rights: Rights = {}): Promise<MongodbFixture> {
  const given = mongodbUrl();
  return given === undefined ? await startEmulated(rights) : await startReal(given);
}

export async function startEmulated(rights: Rights, shop: Shop = SHOP): Promise<MongodbFixture> {
  const store = new Store();
  store.add('customer', [...shop.customer], [EMAILS]);
  store.add('order', [...shop.order]);
  store.add(ENDLESS, []);
  store.collections.set('series', { documents: series, count: SERIES, indexes: [] });
  for (const [name, view] of Object.entries(shop.views)) store.views.set(name, view);
  const emulator = await startEmulator(store, rights);
  const url = `mongodb://127.0.0.1:${emulator.port}/shop`;
  const connector = await openConnector(parseDatabaseUrl(url));
  return {
    connector,
    url,
    endless: JSON.stringify({ collection: ENDLESS, find: {} }),
    add: async (name, documents) => store.add(name, [...documents]),
    contents: async () => JSON.stringify([...store.collections.keys()].map((name) => [name, [...store.read(name)]])),
    running: async () => emulator.commands.busy,
    stop: async () => {
      await connector.close();
      await emulator.stop();
    },
  };
}

/** Each document is joined with all others, three times over. */
const ENDLESS_JOIN = [1, 2, 3].flatMap(() => [
  { $lookup: { from: 'series', pipeline: [{ $project: { n: 1 } }], as: 'other' } },
  { $unwind: '$other' },
]);

export async function startReal(given: string, shop: Shop = SHOP): Promise<MongodbFixture> {
  const settings = new URL(given);
  settings.pathname = `/custard_${randomUUID().slice(0, 8)}`;
  if (!settings.searchParams.has('authSource') && settings.username !== '') {
    settings.searchParams.set('authSource', 'admin');
  }
  const owner = await new MongoClient(settings.href).connect();
  const database = owner.db();
  await database.collection('customer').insertMany([...shop.customer]);
  await database.collection('customer').createIndex({ email: 1 }, { unique: true });
  await database.collection('order').insertMany([...shop.order]);
  await database.collection('series').insertMany([...series()]);
  for (const [name, view] of Object.entries(shop.views)) await database.createCollection(name, { ...view });
  const connector = await openConnector(parseDatabaseUrl(settings.href));
  return {
    connector,
    url: settings.href,
    endless: JSON.stringify({ collection: 'series', pipeline: [...ENDLESS_JOIN, { $match: { n: -1 } }] }),
    add: async (name, documents) => {
      if (documents.length > 0) await database.collection(name).insertMany([...documents]);
    },
    contents: async () => {
      const names = (await database.listCollections().toArray()).map(({ name }) => name).sort();
      return JSON.stringify(await Promise.all(names.map((name) => database.collection(name).find().toArray())));
    },
    running: async () => {
      const ours = { $match: { ns: { $regex: `^${database.databaseName}[.]` }, 'command.aggregate': { $ne: 1 } } };
      return (
        await owner
          .db('admin')
          .aggregate([{ $currentOp: { idleCursors: true } }, ours])
          .toArray()
      ).length;
    },
    stop: async () => {
      await connector.close();
      await database.dropDatabase();
      await owner.close();
    },
  };
}
