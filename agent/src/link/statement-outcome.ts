/** How one statement went, for the log: nothing in it comes from the statement or from a row. */
export interface StatementOutcome {
  /** Of the stream on this link. */
  readonly id: number;
  /** 16 hexadecimal digits of a keyed hash (MASK_KEY) of the statement: the same text has the same. */
  readonly fingerprint: string;
  readonly outcome: 'done' | 'failed' | 'canceled' | 'refused';
  /** Of the error, unless it is done. */
  readonly code: string | null;
  readonly engineCode: string | null;
  readonly rows: number;
  readonly bytes: number;
  readonly truncated: boolean;
  /** From its arrival; the wait is a part of it. */
  readonly elapsedMs: number;
  readonly waitedMs: number;
}
