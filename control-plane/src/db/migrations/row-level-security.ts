import type { Knex } from 'knex';

/** The settings that say, on a PostgreSQL connection, what it may see; see db/database.ts. */
export const ORGANIZATION_SETTING = 'custard.organization_id';
export const SYSTEM_SETTING = 'custard.system';

const organization = `current_setting('${ORGANIZATION_SETTING}', true)`;
const isSystem = `current_setting('${SYSTEM_SETTING}', true) = 'on'`;

/**
 * The second line behind `where organization_id = …` on PostgreSQL: whoever forgets it sees nothing of
 * another organization. FORCE, as Custard's role owns its tables. A superuser is never held by it.
 * `column`: holds the organization's id.
 */
export async function protectOrganizationTable(trx: Knex, table: string, column = 'organization_id'): Promise<void> {
  await protectSystemTable(trx, table);
  await trx.raw(`CREATE POLICY ${table}_organization ON ${table} USING (${column} = ${organization})`);
}

/** What belongs to a person or to nobody: a connection that acts for an organization sees nothing of it. */
export async function protectSystemTable(trx: Knex, table: string): Promise<void> {
  await trx.raw(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  await trx.raw(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
  await trx.raw(`CREATE POLICY ${table}_system ON ${table} USING (${isSystem})`);
}

/** People belong to several organizations: each sees its members, and changes none of them. */
export async function protectUsers(trx: Knex): Promise<void> {
  await protectSystemTable(trx, 'users');
  await trx.raw(
    `CREATE POLICY users_members ON users FOR SELECT
       USING (id IN (SELECT user_id FROM memberships WHERE organization_id = ${organization}))`,
  );
}
