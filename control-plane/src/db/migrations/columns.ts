import type { Knex } from 'knex';

export const id = (table: Knex.CreateTableBuilder) => table.text('id').notNullable().primary();

export function organization(table: Knex.CreateTableBuilder): Knex.ReferencingColumnBuilder {
  return table.text('organization_id').notNullable().references('id').inTable('organizations').onDelete('CASCADE');
}

export function user(table: Knex.CreateTableBuilder): Knex.ReferencingColumnBuilder {
  return table.text('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE');
}

export function timestamps(table: Knex.CreateTableBuilder): void {
  table.text('created_at').notNullable();
  table.text('updated_at').notNullable();
}
