import type { DbType } from '#core/dialects.ts';

/** An engine that is really here, with a table to read, as the figures of every engine need it. */
export interface MeasuredEngine extends AsyncDisposable {
  readonly name: string;
  readonly dbType: DbType;
  /** For the agent and for the engine's own driver. */
  readonly url: string;
  /** Statements of the agent that the engine runs at this moment, as its own process list tells. */
  running(): Promise<number>;
}

export const TABLE = 'measured_rows';
/** Six columns of the types that tables have: a large number, two texts, a decimal, a time and a flag. */
export const STATEMENT = `SELECT * FROM ${TABLE}`;
/** Does not end within anybody's patience, and gives no row before. */
export const ENDLESS = `SELECT count(*) FROM ${TABLE} a, ${TABLE} b, ${TABLE} c WHERE a.id + b.id + c.id < 0`;
/** Takes some milliseconds and gives one row with the number. */
export const numbered = (number: number): string =>
  `SELECT count(*) * 0 + ${number} AS n FROM (SELECT id FROM ${TABLE} LIMIT 20000) AS part`;
