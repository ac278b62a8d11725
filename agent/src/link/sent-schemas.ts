import type { SchemaTable } from '#core/schema.ts';

/** What is remembered of a table that was sent. */
export interface SentTable {
  readonly digest: string;
  readonly rowEstimate: number | null;
  readonly partitions: number | undefined;
}

export type SentTables = ReadonlyMap<string, SentTable>;

/** Schemas that are remembered: of each replica of the control plane the last one may be another. */
const KEPT = 2;

/** The schemas that an agent has sent since it was started, by fingerprint. Some 200 bytes a table. */
export class SentSchemas {
  readonly #schemas = new Map<string, SentTables>();

  find(fingerprint: string): SentTables | undefined {
    return this.#schemas.get(fingerprint);
  }

  remember(fingerprint: string, tables: SentTables): void {
    this.#schemas.delete(fingerprint);
    this.#schemas.set(fingerprint, tables);
    for (const oldest of this.#schemas.keys()) {
      if (this.#schemas.size <= KEPT) return;
      this.#schemas.delete(oldest);
    }
  }
}

/** Estimates that move less than this make no other plan. */
const NOTABLE_SHARE = 0.25;
const NOTABLE_ROWS = 1_000;

export function isNotable(before: SchemaTable['rowEstimate'], now: SchemaTable['rowEstimate']): boolean {
  if (before === null || now === null) return before !== now;
  return Math.abs(now - before) > NOTABLE_SHARE * before + NOTABLE_ROWS;
}
