import type { Database } from './database.ts';

/** Whether PostgreSQL's row-level security does nothing for the role DATABASE_URL names. */
export async function bypassesRowSecurity({ knex }: Database): Promise<boolean> {
  const row = await knex('pg_roles').whereRaw('rolname = current_user').first('rolsuper', 'rolbypassrls');
  return row?.rolsuper === true || row?.rolbypassrls === true;
}
