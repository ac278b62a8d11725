import type { CustardError } from '#core/errors.ts';

/** SQLSTATE class 42: syntax errors, unknown names, types that do not fit. Found before any row is read. */
const ABOUT_THE_STATEMENT = /^42/;

/**
 * What a writer is told of its statement's failure. The writer may be a model outside of the network,
 * which sees no rows: engines quote the value that a cast or a calculation met in a row, so what stands
 * in quotes is left out unless the error is about the statement itself.
 */
export function feedback({ code, message, details }: CustardError): string {
  const fromData = code === 'QUERY_FAILED' && !ABOUT_THE_STATEMENT.test(details.engineCode ?? '');
  return fromData ? message.replace(/".*"|'.*'/s, '"…"') : message;
}
