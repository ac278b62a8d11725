import { CustardError } from '#core/errors.ts';
import { isDataFileName, toDataFiles } from './duckdb/data-files/data-file.ts';
import type { DatabaseSettings } from './settings.ts';
import { filePath } from './urls/file-url.ts';
import { parseMongodbUrl } from './urls/mongodb-url.ts';
import { parseMysqlUrl } from './urls/mysql-url.ts';
import { parsePostgresUrl } from './urls/postgres-url.ts';
import { parseSnowflakeUrl } from './urls/snowflake-url.ts';
import { FORMS } from './urls/url-parts.ts';

/**
 * Reads `postgres://`, `postgresql://`, `mysql://`, `mariadb://`, `snowflake://`, `sqlite:PATH`, `sqlite:///absolute/path`, the
 * same with `duckdb:`, `file:` URLs, which are DuckDB's where the file's name ends in .duckdb or .ddb and read into tables where it is
 * that of data (.csv, .json, .parquet and so on), `mongodb://` and `mongodb+srv://`. The forms of JDBC (`jdbc:postgresql://…`) and SQLAlchemy (`postgresql+psycopg2://…`) are understood.
 * A password may stand there percent-encoded or as it is, even with @, /, # or %. Throws
 * CONFIG_INVALID; its message never holds the URL, which may hold a password.
 */
export function parseDatabaseUrl(text: string): DatabaseSettings {
  const url = withoutDriver(text.trim());
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'postgres':
    case 'postgresql':
      return parsePostgresUrl(url.slice(scheme.length + 1));
    case 'mysql':
    case 'mariadb':
      return parseMysqlUrl(scheme, url.slice(scheme.length + 1));
    case 'snowflake':
      return parseSnowflakeUrl(url.slice(scheme.length + 1));
    case 'sqlite':
    case 'sqlite3':
      return { dialect: 'sqlite', path: filePath(url, scheme, 'SQLite') };
    case 'file': {
      const path = filePath(url, scheme, 'file');
      if (isDataFileName(path)) return { dialect: 'duckdb', files: toDataFiles([{ path, label: path }]) };
      return /\.(?:duckdb|ddb)$/i.test(path) ? { dialect: 'duckdb', path } : { dialect: 'sqlite', path };
    }
    case 'duckdb':
      return { dialect: 'duckdb', path: filePath(url, scheme, 'DuckDB') };
    case 'mongodb':
    case 'mongodb+srv':
      return parseMongodbUrl(url.slice(scheme.length + 1), scheme === 'mongodb+srv');
    case undefined:
      throw new CustardError('CONFIG_INVALID', 'This is no database URL: it has no scheme.', {
        hint: `For a file write sqlite: or duckdb: before its path. ${FORMS}`,
      });
    default:
      throw new CustardError('UNSUPPORTED_ENGINE', `There is no connector for ${scheme}: URLs.`, { hint: FORMS });
  }
}

/** The drivers that SQLAlchemy's URLs name beside the engine; what is none of them (`+ssh`) would mean something. */
const DRIVERS =
  /^(postgres(?:ql)?|mysql|mariadb)\+(?:psycopg[23]?(?:cffi)?|asyncpg|aiopg|pg8000|pymysql|mysqldb|mysqlconnector|mariadbconnector|aiomysql|asyncmy|mariadb):/i;

const withoutDriver = (url: string): string => url.replace(/^jdbc:/i, '').replace(DRIVERS, '$1:');
