import { folded } from './emulator-types.ts';

export class WireFailure extends Error {
  readonly code: string;
  readonly sqlState: string;

  constructor(code: string, message: string, sqlState: string) {
    super(message);
    this.code = code;
    this.sqlState = sqlState;
  }
}

export const failure = {
  severalStatements: (count: number) =>
    new WireFailure('000008', `Actual statement count ${count} did not match the desired statement count 1.`, '0A000'),
};

/** DuckDB's errors under Snowflake's codes, in Snowflake's words. */
export function emulatedError(error: unknown, ended: 'canceled' | 'timeout' | undefined, sql: string): unknown {
  const { code, message, sqlState } = asFailure(error, ended, sql);
  return { success: false, code, message, data: { errorCode: code, sqlState, queryId: 'q', internalError: false } };
}

/** Lines from 1, places in them from 0. */
function placeOf(sql: string, text: string): string {
  const lines = sql.slice(0, Math.max(0, sql.indexOf(text))).split('\n');
  return `line ${lines.length} at position ${lines.at(-1)?.length}`;
}

function asFailure(error: unknown, ended: string | undefined, sql: string): WireFailure {
  if (error instanceof WireFailure) return error;
  if (ended === 'timeout') {
    return new WireFailure('000630', 'Statement reached its statement or warehouse timeout and was canceled.', '57014');
  }
  if (ended === 'canceled') return new WireFailure('000604', 'SQL execution canceled', '57014');
  const message = error instanceof Error ? error.message : String(error);
  const table = /(?:Table|View) with name (.*?) does not exist/.exec(message)?.[1];
  if (table) {
    const text = `SQL compilation error:\nObject '${folded(table)}' does not exist or not authorized.`;
    return new WireFailure('002003', text, '42S02');
  }
  const column = /Referenced column "(.*?)" (?:was )?not found/.exec(message)?.[1];
  if (column) {
    const text = `SQL compilation error: error ${placeOf(sql, column)}\ninvalid identifier '${folded(column)}'`;
    return new WireFailure('000904', text, '42000');
  }
  const token = /syntax error at or near "(.*?)"/.exec(message)?.[1];
  if (token) {
    const text = `SQL compilation error:\nsyntax error ${placeOf(sql, token)} unexpected '${token}'.`;
    return new WireFailure('001003', text, '42000');
  }
  return new WireFailure('100035', message, '22000');
}
