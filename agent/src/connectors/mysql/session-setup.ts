import type { ServerFacts } from './session.ts';

/** Waiting for a lock longer than this would block others behind us. */
const LOCK_TIMEOUT_S = 5;
/** 1,024 bytes, as MySQL has it, would cut answers and tell nobody. */
const GROUP_CONCAT_BYTES = 1024 * 1024;
/** A server that cannot send gives a connection up after this, or after the statement's own time and some more. */
const MIN_WRITE_TIMEOUT_S = 60;

/**
 * What the guard reads statements under (core/guard/dialects/mysql/tokenize.ts): double quotes are texts, backslashes
 * escape, and a space before a parenthesis calls no other function. The rest is each engine's own default.
 */
const SQL_MODE = 'IGNORE_SPACE,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

/**
 * The statement that fixes a session's settings before each transaction, so that nothing depends on the server's defaults
 * or on what ran before. In UTC, as values of TIMESTAMP carry no zone.
 */
export function sessionSetup(timeoutMs: number, { isMariadb }: ServerFacts): string {
  const timeout = Math.max(1, Math.ceil(timeoutMs));
  const settings = {
    sql_mode: isMariadb ? `'${SQL_MODE}'` : `'${SQL_MODE},ONLY_FULL_GROUP_BY'`,
    [isMariadb ? 'tx_read_only' : 'transaction_read_only']: '1',
    ...(isMariadb ? { max_statement_time: String(timeout / 1000) } : { max_execution_time: String(timeout) }),
    autocommit: '1',
    time_zone: "'+00:00'",
    lock_wait_timeout: String(LOCK_TIMEOUT_S),
    innodb_lock_wait_timeout: String(LOCK_TIMEOUT_S),
    net_write_timeout: String(Math.max(MIN_WRITE_TIMEOUT_S, Math.ceil(timeout / 1000) + LOCK_TIMEOUT_S)),
    group_concat_max_len: String(GROUP_CONCAT_BYTES),
  };
  const assignments = Object.entries(settings).map(([name, value]) => `SESSION ${name} = ${value}`);
  return `SET NAMES utf8mb4, ${assignments.join(', ')}`;
}

/** The session's transactions are read only anyway; in one that has begun, no statement can change that for itself. */
export const BEGIN = 'START TRANSACTION READ ONLY';
