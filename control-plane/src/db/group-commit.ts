import { CustardError } from '#core/errors.ts';

interface GroupCommitOptions<Item> {
  /** Writes all of them or none, in one transaction. */
  readonly write: (items: readonly Item[]) => Promise<void>;
  /** How long the first item waits for company; 0 is the end of this turn of the event loop. */
  readonly delayMs: number;
  /** Items that may wait; more are refused. */
  readonly maxPending: number;
}

interface Pending<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MAX_GROUP = 500;

/** Writes what is submitted at about the same time together, and one group after the other. */
export class GroupCommit<Item> {
  readonly #options: GroupCommitOptions<Item>;
  #pending: Pending<Item>[] = [];
  #writing: Promise<void> | null = null;
  #scheduled = false;

  constructor(options: GroupCommitOptions<Item>) {
    this.#options = options;
  }

  /** Resolves once the item is written. */
  submit(item: Item): Promise<void> {
    if (this.#pending.length >= this.#options.maxPending) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      this.#pending.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves once everything submitted so far is written or has failed. */
  async drain(): Promise<void> {
    while (this.#pending.length > 0 || this.#writing !== null) {
      this.#start();
      await this.#writing;
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#writing !== null) return; // a group that ends starts the next one
    this.#scheduled = true;
    if (this.#options.delayMs === 0) setImmediate(() => this.#start());
    else setTimeout(() => this.#start(), this.#options.delayMs);
  }

  #start(): void {
    this.#scheduled = false;
    if (this.#writing !== null || this.#pending.length === 0) return;
    const group = this.#pending.splice(0, MAX_GROUP);
    this.#writing = this.#write(group).finally(() => {
      this.#writing = null;
      this.#start();
    });
  }

  async #write(group: readonly Pending<Item>[]): Promise<void> {
    try {
      await this.#options.write(group.map(({ item }) => item));
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

function overloaded(): CustardError {
  return new CustardError('RATE_LIMITED', 'More is asked for than can be recorded at the moment.', {
    hint: 'Try again in a moment.',
  });
}
