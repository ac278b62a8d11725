import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../db/database.ts';
import { MailRepository } from '../db/mail-repository.ts';
import { migrate } from '../db/migrate.ts';
import { ENGINES, metadataDatabase } from '../test-support/test-server.ts';
import { until } from '../test-support/until.ts';
import { MailQueue } from './mail-queue.ts';
import { MailRefused, type MailTransport } from './message.ts';

/** Remembers what it sent, and fails when it is told to. */
class FakeTransport implements MailTransport {
  readonly name = 'fake';
  readonly sent: string[] = [];
  onSend: (to: string) => Promise<void> = async () => undefined;

  async send({ to }: { readonly to: string }): Promise<void> {
    await this.onSend(to);
    this.sent.push(to);
  }

  async close(): Promise<void> {}
}

const job = { template: 'password_changed' } as const;

describe.each(ENGINES)('the queue of mails on %s', (engine) => {
  const open = async () => {
    const metadata = await metadataDatabase(engine);
    const database = await openDatabase(metadata.url);
    await migrate(database);
    return {
      ...{ url: metadata.url, database, mails: new MailRepository(database) },
      async [Symbol.asyncDispose]() {
        await database.close();
        await metadata[Symbol.asyncDispose]();
      },
    };
  };
  const queueOf = (database: Database, transport: MailTransport) =>
    new MailQueue({
      ...{ mails: new MailRepository(database), transport, logger: pino({ level: 'silent' }) },
      compose: async ({ recipient: to }) => ({ to, subject: 's', text: 't', html: 'h' }),
    });
  /** As if all waiting were over. */
  const dueNow = async ({ knex }: Database) => {
    await knex('mails').update({ next_try_at: new Date(0).toISOString() });
  };

  it('is sent by whichever replica comes first, each mail once', async () => {
    await using opened = await open();
    const others = await Promise.all([openDatabase(opened.url), openDatabase(opened.url)]);
    const transport = new FakeTransport();
    const queues = [opened.database, ...others].map((database) => queueOf(database, transport));
    const names = Array.from({ length: 40 }, (_, index) => `${String(index).padStart(2, '0')}@example.com`);
    for (const name of names) await opened.mails.add(name, job);
    for (const queue of queues) queue.start();
    await until('all mails', async () => transport.sent.length >= names.length);
    await Promise.all(queues.map((queue) => queue.stop()));
    expect(transport.sent).toHaveLength(names.length);
    expect(new Set(transport.sent)).toEqual(new Set(names));
    await Promise.all(others.map((database) => database.close()));
  });

  it('loses nothing while the provider is away', async () => {
    await using opened = await open();
    const transport = new FakeTransport();
    transport.onSend = () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
    const queue = queueOf(opened.database, transport);
    await opened.mails.add('ada@example.com', job);
    queue.start();
    const tried = () => opened.database.knex('mails').first('attempts', 'last_error', 'leased_until');
    await until('a first try', async () => (await tried())?.last_error !== null);
    expect(await tried()).toMatchObject({ attempts: 1, last_error: 'ECONNREFUSED', leased_until: null });
    queue.wake(); // not due yet
    transport.onSend = async () => undefined;
    await dueNow(opened.database);
    queue.wake();
    await until('the mail', async () => transport.sent.length === 1);
    await queue.stop();
    expect(await opened.database.knex('mails').whereNull('sent_at')).toEqual([]);
  });

  it('gives up what nobody will ever take, and what is days old', async () => {
    await using opened = await open();
    const transport = new FakeTransport();
    transport.onSend = (to) => Promise.reject(to.startsWith('refused') ? new MailRefused('no') : new Error('away'));
    await opened.mails.add('refused@example.com', job);
    await opened.mails.add('old@example.com', job);
    const old = new Date(Date.now() - 4 * 86_400_000).toISOString();
    await opened.database.knex('mails').where({ recipient: 'old@example.com' }).update({ created_at: old });
    const queue = queueOf(opened.database, transport);
    queue.start();
    await until('both', async () => (await opened.database.knex('mails').whereNotNull('failed_at')).length === 2);
    await queue.stop();
  });

  it('is taken over from a process that died while it sent', async () => {
    await using opened = await open();
    await opened.mails.add('ada@example.com', job);
    const [claimed] = await opened.mails.claim(1, 60_000);
    expect(await opened.mails.claim(1, 60_000)).toEqual([]);
    await opened.database.knex('mails').update({ leased_until: new Date(0).toISOString() });
    const [again] = await opened.mails.claim(1, 60_000);
    expect(again).toMatchObject({ id: claimed?.id, attempts: 2 });
    // The first one was only slow: what it says now is not about this try.
    if (claimed !== undefined) await opened.mails.retry(claimed, 'late', 0);
    expect(await opened.database.knex('mails').first('last_error')).toEqual({ last_error: null });
  });
});
