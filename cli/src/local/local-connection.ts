import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { DataFile } from '#agent/connectors/duckdb/data-files/data-file.ts';
import type { DatabaseSettings } from '#agent/connectors/settings.ts';
import type { DbType } from '#core/dialects.ts';

/** How a database is known in the local metadata. */
export interface LocalConnection {
  readonly name: string;
  readonly dbType: DbType;
}

/**
 * The same for the same database and user, whatever the password and however the URL is written:
 * its schema is cached under this name. Nothing secret goes into it.
 */
export function localConnection(settings: DatabaseSettings): LocalConnection {
  switch (settings.dialect) {
    case 'postgres': {
      const { host, port, user, database } = settings;
      return { name: nameOf(database, ['postgres', host, port, user, database]), dbType: 'POSTGRESQL' };
    }
    case 'mongodb': {
      const { srv, hosts, user = '', database } = settings;
      return { name: nameOf(database, ['mongodb', String(srv), hosts, user, database]), dbType: 'MONGODB' };
    }
    case 'snowflake': {
      const { account, accessUrl, user, role, database, schema } = settings;
      const identity = ['snowflake', account, accessUrl ?? '', user, role ?? '', database, schema ?? ''];
      return { name: nameOf(database, identity), dbType: 'SNOWFLAKE' };
    }
    case 'sqlite': {
      const path = realPath(settings.path);
      return { name: nameOf(basename(path, extname(path)), ['sqlite', path]), dbType: 'SQLITE' };
    }
    case 'mysql':
    case 'mariadb': {
      const { host, port, user, database } = settings;
      return { name: nameOf(database ?? host, ['mysql', host, port, user, database ?? '']), dbType: 'MYSQL' };
    }
    case 'duckdb': {
      if (settings.files !== undefined) return dataFilesConnection(settings.files);
      const path = realPath(settings.path);
      return { name: nameOf(basename(path, extname(path)), ['duckdb', path]), dbType: 'DUCKDB' };
    }
    default:
      return settings satisfies never;
  }
}

/** Tables and paths: the same files in another order may be other tables. */
function dataFilesConnection(files: readonly DataFile[]): LocalConnection {
  const identity = files.flatMap(({ path, table }) => [realPath(path), table]);
  return { name: nameOf(files[0]?.table ?? '', ['files', ...identity]), dbType: 'DUCKDB' };
}

const MAX_LABEL = 40;

function nameOf(label: string, identity: readonly (string | number)[]): string {
  const readable = label
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, MAX_LABEL);
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
  return readable === '' ? `db-${hash}` : `${readable}-${hash}`;
}

/** A file that is not there yet gets its error from the connector, which says it better. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
