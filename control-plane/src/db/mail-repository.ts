import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Database } from './database.ts';

/** What is to be mailed. Without links and their secrets: those are made when it is sent. */
export const MailJob = z.discriminatedUnion('template', [
  z.object({ template: z.literal('signup'), signupId: z.string() }),
  z.object({ template: z.literal('verification') }),
  z.object({ template: z.literal('email_change'), userId: z.string() }),
  z.object({ template: z.literal('email_changed'), email: z.string() }),
  z.object({ template: z.literal('reset_password') }),
  z.object({ template: z.literal('password_changed') }),
  z.object({ template: z.literal('invitation'), invitationId: z.string() }),
]);
export type MailJob = z.infer<typeof MailJob>;

export interface QueuedMail {
  readonly id: string;
  readonly recipient: string;
  readonly job: MailJob;
  /** This try included. */
  readonly attempts: number;
  readonly createdAt: string;
}

interface MailRow {
  id: string;
  template: string;
  recipient: string;
  parameters: string;
  attempts: number;
  next_try_at: string;
  leased_until: string | null;
  sent_at: string | null;
  failed_at: string | null;
  last_error: string | null;
  created_at: string;
  updated_at: string;
}

/** The queue of mails: in the database, so that nothing is lost and no request waits for a mail server. */
export class MailRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(recipient: string, job: MailJob, trx: Knex = this.#database.knex): Promise<void> {
    const row: MailRow = {
      ...{ id: randomUUID(), template: job.template, recipient, parameters: JSON.stringify(job), attempts: 0 },
      ...{ next_try_at: now(), leased_until: null, sent_at: null, failed_at: null, last_error: null },
      ...{ created_at: now(), updated_at: now() },
    };
    await trx('mails').insert(row);
  }

  /** Some that are due, each for this process alone until the lease ends; then they are due again. */
  async claim(count: number, leaseMs: number): Promise<QueuedMail[]> {
    const { knex, engine } = this.#database;
    const due = waiting(knex)
      .where('next_try_at', '<=', now())
      .where((either) => either.whereNull('leased_until').orWhere('leased_until', '<=', now()))
      .orderBy(['next_try_at', 'id'])
      .limit(count)
      .select('id');
    if (engine === 'postgres') due.forUpdate().skipLocked();
    const rows = await knex<MailRow>('mails')
      .whereIn('id', due)
      .update({ leased_until: later(leaseMs), attempts: knex.raw('attempts + 1'), updated_at: now() })
      .returning('*');
    return rows.map(({ id, recipient, parameters, attempts, created_at: createdAt }) => ({
      ...{ id, recipient, job: MailJob.parse(JSON.parse(parameters)), attempts: Number(attempts), createdAt },
    }));
  }

  /** `attempts`: of the claim; whoever claimed it again since then says how it ends. */
  async sent({ id, attempts }: QueuedMail): Promise<void> {
    await this.#claimed(id, attempts).update({
      sent_at: now(),
      leased_until: null,
      last_error: null,
      updated_at: now(),
    });
  }

  async retry({ id, attempts }: QueuedMail, error: string, afterMs: number): Promise<void> {
    const next = { next_try_at: later(afterMs), leased_until: null, last_error: error, updated_at: now() };
    await this.#claimed(id, attempts).update(next);
  }

  async giveUp({ id, attempts }: QueuedMail, error: string): Promise<void> {
    await this.#claimed(id, attempts).update({
      failed_at: now(),
      leased_until: null,
      last_error: error,
      updated_at: now(),
    });
  }

  #claimed(id: string, attempts: number) {
    return waiting(this.#database.knex).where({ id, attempts });
  }
}

function waiting(knex: Knex) {
  return knex<MailRow>('mails').whereNull('sent_at').whereNull('failed_at');
}

const now = (): string => new Date().toISOString();
const later = (ms: number): string => new Date(Date.now() + ms).toISOString();
