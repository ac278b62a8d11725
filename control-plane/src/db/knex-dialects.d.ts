// knex publishes no types for its dialects' classes, which are how a bundler finds them.
declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import { Knex } from 'knex';

  class BetterSqlite3Client extends Knex.Client {
    _formatBindings(bindings: readonly unknown[] | undefined): readonly unknown[];
  }
  export = BetterSqlite3Client;
}

declare module 'knex/lib/dialects/postgres/index.js' {
  import { Knex } from 'knex';

  class PostgresClient extends Knex.Client {}
  export = PostgresClient;
}
