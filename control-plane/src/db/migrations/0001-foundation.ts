import type { Knex } from 'knex';
import type { Migration } from './migration.ts';

/**
 * Times are ISO 8601 text in UTC with milliseconds, ids are text, JSON is text: the same on both
 * engines, and ordered the same.
 */
export const foundation: Migration = {
  name: '0001-foundation',
  async up(trx, engine) {
    await createPeople(trx);
    await createConnections(trx);
    await createQueries(trx);
    await createAudit(trx, engine);
  },
};

const id = (table: Knex.CreateTableBuilder) => table.text('id').notNullable().primary();

function organization(table: Knex.CreateTableBuilder): Knex.ReferencingColumnBuilder {
  return table.text('organization_id').notNullable().references('id').inTable('organizations').onDelete('CASCADE');
}

function timestamps(table: Knex.CreateTableBuilder): void {
  table.text('created_at').notNullable();
  table.text('updated_at').notNullable();
}

async function createPeople(trx: Knex): Promise<void> {
  await trx.schema.createTable('organizations', (table) => {
    id(table);
    table.text('name').notNullable();
    timestamps(table);
  });
  await trx.schema.createTable('users', (table) => {
    id(table);
    table.text('email').unique();
    table.text('first_name');
    table.text('last_name');
    table.text('password_hash');
    timestamps(table);
  });
  await trx.schema.createTable('memberships', (table) => {
    organization(table);
    table.text('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE');
    table.text('role').notNullable();
    timestamps(table);
    table.primary(['organization_id', 'user_id']);
    table.index(['user_id']);
  });
  await trx.schema.createTable('tokens', (table) => {
    id(table);
    organization(table).index();
    table.text('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE');
    table.text('name').notNullable();
    table.text('hash').notNullable().unique();
    table.text('expires_at');
    table.text('revoked_at');
    timestamps(table);
  });
}

async function createConnections(trx: Knex): Promise<void> {
  await trx.schema.createTable('connections', (table) => {
    id(table);
    organization(table);
    table.text('name').notNullable();
    table.text('db_type').notNullable();
    table.text('agent_id').notNullable().unique();
    table.text('last_seen_at');
    table.text('last_error');
    timestamps(table);
    table.unique(['organization_id', 'name']);
  });
  await trx.schema.createTable('agent_keys', (table) => {
    id(table);
    organization(table);
    table.text('connection_id').notNullable().references('id').inTable('connections').onDelete('CASCADE').index();
    table.text('hash').notNullable().unique();
    table.text('revoked_at');
    timestamps(table);
  });
  await trx.schema.createTable('schema_cache', (table) => {
    table.text('connection_id').notNullable().primary().references('id').inTable('connections').onDelete('CASCADE');
    organization(table);
    table.text('fingerprint').notNullable();
    table.integer('table_count').notNullable();
    table.text('schema').notNullable();
    table.text('refreshed_at').notNullable();
    timestamps(table);
  });
}

async function createQueries(trx: Knex): Promise<void> {
  await trx.schema.createTable('queries', (table) => {
    id(table);
    organization(table);
    // History outlives connections, people and tokens: no foreign keys.
    table.text('connection_id').notNullable();
    table.text('user_id').notNullable();
    table.text('token_id').notNullable();
    table.text('replica').notNullable();
    table.text('question');
    table.text('statement').notNullable();
    table.text('maker').notNullable();
    table.text('model');
    table.text('status').notNullable();
    table.integer('row_count');
    table.bigInteger('bytes');
    table.double('elapsed_ms');
    table.text('error_code');
    table.text('created_at').notNullable();
    table.text('finished_at');
    table.index(['organization_id', 'created_at']);
  });
  await trx.raw(`CREATE INDEX queries_accepted ON queries (replica) WHERE status = 'accepted'`);
}

async function createAudit(trx: Knex, engine: 'sqlite' | 'postgres'): Promise<void> {
  await trx.schema.createTable('audit', (table) => {
    // Not deleted with its organization, and not a row of it is ever changed.
    table.text('organization_id').notNullable();
    table.integer('sequence').notNullable();
    table.text('actor').notNullable();
    table.text('action').notNullable();
    table.text('subject').notNullable();
    table.text('detail').notNullable();
    table.text('created_at').notNullable();
    table.text('previous_hash').notNullable();
    table.text('hash').notNullable();
    table.primary(['organization_id', 'sequence']);
  });
  for (const statement of APPEND_ONLY[engine]) await trx.raw(statement);
}

const APPEND_ONLY = {
  sqlite: ['UPDATE', 'DELETE'].map(
    (change) => `CREATE TRIGGER audit_no_${change.toLowerCase()} BEFORE ${change} ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END`,
  ),
  postgres: [
    `CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$`,
    `CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
      FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()`,
  ],
} as const;
