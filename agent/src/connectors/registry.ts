import type { ConnectorDialect } from '#core/dialects.ts';
import type { Connector } from './connector.ts';
import type { SettingsOf } from './settings.ts';

type Openers = { readonly [D in ConnectorDialect]: (settings: SettingsOf[D]) => Promise<Connector> };

const openMysql = async (settings: SettingsOf['mysql' | 'mariadb']): Promise<Connector> =>
  (await import('./mysql/mysql.ts')).openMysql(settings);

/** One line per engine; its folder, and with it the driver, is loaded when it is first used. */
const CONNECTORS: Openers = {
  postgres: async (settings) => (await import('./postgres/postgres.ts')).openPostgres(settings),
  mongodb: async (settings) => (await import('./mongodb/mongodb.ts')).openMongodb(settings),
  snowflake: async (settings) => (await import('./snowflake/snowflake.ts')).openSnowflake(settings),
  sqlite: async (settings) => (await import('./sqlite/sqlite.ts')).openSqlite(settings),
  mysql: openMysql,
  mariadb: openMysql,
  duckdb: async (settings) => (await import('./duckdb/duckdb.ts')).openDuckdb(settings),
};

/** Loads the engine's connector. Nothing is connected yet: call `ping` to find out whether it can be. */
export function openConnector<D extends ConnectorDialect>(
  settings: SettingsOf[D] & { readonly dialect: D },
): Promise<Connector> {
  return CONNECTORS[settings.dialect](settings);
}
