import type { Logger } from 'pino';
import type { MailRepository, QueuedMail } from '../db/mail-repository.ts';
import { MailRefused, type MailTransport, type Message } from './message.ts';

interface MailQueueOptions {
  readonly mails: MailRepository;
  readonly transport: MailTransport;
  readonly compose: (mail: QueuedMail) => Promise<Message | null>;
  readonly logger: Logger;
}

const AT_ONCE = 4;
const SEND_MS = 30_000;
/** What is being sent when the server goes gets that long. */
const STOP_MS = 3_000;
/** Longer than a mail can take here: a lease that ends means that the process is gone. */
const LEASE_MS = 2 * SEND_MS;
/** What another replica queued, and what is due again, is found that late at most. */
const LOOK_EVERY_MS = 5_000;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const RETRY_AFTER_MS = [5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE];
const GIVE_UP_AFTER_MS = 3 * 24 * 60 * MINUTE;

/** Sends what is queued, whichever replica queued it, until it is sent or nobody will take it. */
export class MailQueue {
  readonly #options: MailQueueOptions;
  readonly #givingUp = new AbortController();
  #stopping = false;
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> | null = null;
  #again = false;

  constructor(options: MailQueueOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
    this.#timer.unref();
    this.wake();
  }

  /** There is something to send. */
  wake(): void {
    if (this.#stopping || this.#timer === null) return;
    this.#again = true;
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
  }

  /** What is being sent is finished or given up soon; what waits is sent by the next start, or another replica. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#stopping = true;
    const late = setTimeout(() => this.#givingUp.abort(new Error('the server is going down')), STOP_MS);
    await this.#working;
    clearTimeout(late);
    await this.#options.transport.close();
  }

  async #work(): Promise<void> {
    const { mails, logger } = this.#options;
    while (this.#again && !this.#stopping) {
      this.#again = false;
      try {
        const claimed = await mails.claim(AT_ONCE, LEASE_MS);
        await Promise.all(claimed.map((mail) => this.#send(mail)));
        if (claimed.length === AT_ONCE) this.#again = true;
      } catch (error) {
        logger.error({ error }, 'the queue of mails could not be read or written');
      }
    }
  }

  async #send(mail: QueuedMail): Promise<void> {
    const { mails, transport, compose, logger } = this.#options;
    const about = { mailId: mail.id, template: mail.job.template, attempts: mail.attempts, transport: transport.name };
    try {
      const message = await compose(mail);
      const signal = AbortSignal.any([AbortSignal.timeout(SEND_MS), this.#givingUp.signal]);
      // No transport takes a signal: what is given up here may still arrive, and then comes twice.
      if (message !== null) await orAborted(transport.send(message, { key: `${mail.id}-${mail.attempts}` }), signal);
      await mails.sent(mail);
    } catch (error) {
      const isOver = error instanceof MailRefused || Date.now() - Date.parse(mail.createdAt) > GIVE_UP_AFTER_MS;
      if (isOver) {
        logger.error({ error, ...about }, 'a mail was given up');
        await mails.giveUp(mail, describe(error));
      } else {
        logger.warn({ error, ...about }, 'a mail could not be sent and is tried again');
        await mails.retry(mail, describe(error), retryAfter(mail.attempts));
      }
    }
  }
}

/** Spread, so that what failed together is not tried together. */
function retryAfter(attempts: number): number {
  const delay = RETRY_AFTER_MS[Math.min(attempts, RETRY_AFTER_MS.length) - 1] ?? MINUTE;
  return delay * (0.8 + Math.random() * 0.4);
}

/** Its code, not its text: that may quote the mail. */
function describe(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code.slice(0, 100);
  return error instanceof Error ? error.name : typeof error;
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
