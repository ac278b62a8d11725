/** Keeps the most recently used entries, each for a while at most, and together no more than a limit. */
export class BoundedCache<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly until: number; readonly weight: number }>();
  readonly #limit: number;
  readonly #keepMs: number;

  #weight = 0;

  constructor({ limit, keepMs = Number.POSITIVE_INFINITY }: { readonly limit: number; readonly keepMs?: number }) {
    this.#limit = limit;
    this.#keepMs = keepMs;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#delete(key);
    if (entry.until <= performance.now()) return undefined;
    this.#add(key, entry);
    return entry.value;
  }

  /** `weight`: of the limit; without it the limit is a number of entries. What is heavier than the limit is not kept. */
  set(key: string, value: V, weight = 1): void {
    this.#delete(key);
    if (weight > this.#limit) return;
    this.#add(key, { value, until: performance.now() + this.#keepMs, weight });
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#limit) return;
      this.#delete(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }

  /** A Map iterates in the order of insertion: the first is the one not used for longest. */
  #add(key: string, entry: { readonly value: V; readonly until: number; readonly weight: number }): void {
    this.#entries.set(key, entry);
    this.#weight += entry.weight;
  }

  #delete(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}
