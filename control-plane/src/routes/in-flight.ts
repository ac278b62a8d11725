/** The queries under way in this process, so that the end of the process can wait for them. */
export class InFlight {
  readonly #queries = new Set<AbortController>();
  #whenEmpty: (() => void) | null = null;

  /** Returns what to call once it is over. */
  enter(query: AbortController): () => void {
    this.#queries.add(query);
    return () => {
      this.#queries.delete(query);
      if (this.#queries.size === 0) this.#whenEmpty?.();
    };
  }

  /** Resolves once none is left; those that take longer are aborted with `reason`. */
  async drain(timeoutMs: number, reason: Error): Promise<void> {
    if (this.#queries.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
    const late = setTimeout(() => {
      for (const query of this.#queries) query.abort(reason);
    }, timeoutMs);
    await empty;
    clearTimeout(late);
  }
}
