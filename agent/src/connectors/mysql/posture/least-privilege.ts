import { quoteName } from '../quote.ts';

interface LeastPrivilegeOptions {
  /** As CURRENT_USER() has it. */
  readonly account: string;
  readonly databases: readonly string[];
  readonly isMariadb: boolean;
}

/** Controls, format characters (bidi, zero width), lone surrogates, and what Unicode calls line ends: no SQL to paste. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const MAX_STATEMENT_SECONDS = 60;

/** SQL that makes an account which may read these databases and nothing else. Run twice, it does no harm. */
export function leastPrivilegeSql({ account, databases, isMariadb }: LeastPrivilegeOptions): string {
  const reader = `'${account.startsWith('custard_reader@') ? 'custard_reader_1' : 'custard_reader'}'@'%'`;
  const limits = isMariadb ? ` WITH MAX_STATEMENT_TIME ${MAX_STATEMENT_SECONDS}` : '';
  const shown = databases.filter((database) => !INVISIBLE.test(database));
  return [
    '-- An account that reads and does nothing else. Run it as an administrator; put a password in, and instead of %',
    "-- the agent's address. SHOW VIEW lets the agent's policy see what views read.",
    `CREATE USER IF NOT EXISTS ${reader} IDENTIFIED BY '<password>'${limits};`,
    ...(shown.length === 0 ? ['-- For each database that questions are asked about:'] : []),
    ...(shown.length === 0 ? ['<database>'] : shown).map(
      (database) => `GRANT SELECT, SHOW VIEW ON ${grantName(database)}.* TO ${reader};`,
    ),
    ...(shown.length === databases.length ? [] : ['-- and the same for databases whose names cannot be shown here']),
    '',
  ].join('\n');
}

/** In a GRANT on a database, _ and % stand for any characters. */
const grantName = (database: string): string => quoteName(database.replaceAll(/[\\_%]/g, '\\$&'));
