import type { Knex } from 'knex';
import { id, organization, timestamps, user } from './columns.ts';
import type { Migration } from './migration.ts';
import { protectOrganizationTable, protectSystemTable, protectUsers } from './row-level-security.ts';

/** People who sign up, log in and invite others; tokens with scopes; keys that take over from one another; mail. */
export const accounts: Migration = {
  name: '0002-accounts',
  async up(trx, engine) {
    await extendPeople(trx);
    await extendKeys(trx);
    await createSignups(trx);
    await createSessions(trx);
    await createInvitations(trx);
    await createMail(trx);
    if (engine === 'postgres') await protect(trx);
  },
};

const OF_AN_ORGANIZATION =
  'memberships tokens connections agent_keys schema_cache queries audit invitations sessions'.split(' ');
const OF_NO_ORGANIZATION = 'signups refresh_tokens link_tokens device_grants mails server_secrets'.split(' ');

async function protect(trx: Knex): Promise<void> {
  await protectOrganizationTable(trx, 'organizations', 'id');
  for (const table of OF_AN_ORGANIZATION) await protectOrganizationTable(trx, table);
  for (const table of OF_NO_ORGANIZATION) await protectSystemTable(trx, table);
  await protectUsers(trx);
}

async function extendPeople(trx: Knex): Promise<void> {
  await trx.schema.alterTable('users', (table) => {
    // The one log-in starts in: the one that was used last.
    table.text('current_organization_id');
  });
}

async function extendKeys(trx: Knex): Promise<void> {
  await trx.schema.alterTable('tokens', (table) => {
    table.text('kind').notNullable().defaultTo('personal');
    // JSON; null is everything its holder may do.
    table.text('scopes');
    table.text('beginning').notNullable().defaultTo('');
    table.text('last_used_at');
  });
  await trx.schema.alterTable('agent_keys', (table) => {
    table.text('beginning').notNullable().defaultTo('');
    table.text('expires_at');
    table.text('last_used_at');
  });
}

/** Nobody's account yet: an address is taken only by who reads its mail. */
async function createSignups(trx: Knex): Promise<void> {
  await trx.schema.createTable('signups', (table) => {
    id(table);
    table.text('email').notNullable().index();
    table.text('password_hash').notNullable();
    table.text('first_name').notNullable();
    table.text('last_name').notNullable();
    table.text('organization_name').notNullable();
    table.text('expires_at').notNullable();
    timestamps(table);
  });
  await trx.schema.createTable('link_tokens', (table) => {
    table.text('hash').notNullable().primary();
    table.text('purpose').notNullable();
    // Of a sign-up, a user or an invitation.
    table.text('subject').notNullable();
    table.text('email').notNullable();
    table.text('expires_at').notNullable();
    table.text('used_at');
    table.text('created_at').notNullable();
    table.index(['purpose', 'subject']);
  });
}

async function createSessions(trx: Knex): Promise<void> {
  await trx.schema.createTable('sessions', (table) => {
    id(table);
    organization(table).index();
    user(table).index();
    table.text('client').notNullable();
    // Of the refresh token that is good now; see accounts/refresh-session.ts.
    table.integer('generation').notNullable();
    table.text('rotated_at').notNullable();
    table.text('expires_at').notNullable();
    table.text('ends_at').notNullable();
    table.text('revoked_at');
    timestamps(table);
  });
  await trx.schema.createTable('refresh_tokens', (table) => {
    table.text('hash').notNullable().primary();
    table.text('session_id').notNullable().references('id').inTable('sessions').onDelete('CASCADE').index();
    table.integer('generation').notNullable();
    table.text('created_at').notNullable();
  });
  await trx.schema.createTable('device_grants', (table) => {
    table.text('hash').notNullable().primary();
    table.text('user_code_hash').notNullable().unique();
    table.text('client').notNullable();
    table.text('address').notNullable();
    table.text('status').notNullable();
    table.text('user_id').references('id').inTable('users').onDelete('CASCADE');
    table.text('organization_id').references('id').inTable('organizations').onDelete('CASCADE');
    table.integer('interval_s').notNullable();
    table.text('polled_at');
    table.text('expires_at').notNullable().index();
    timestamps(table);
  });
}

async function createInvitations(trx: Knex): Promise<void> {
  await trx.schema.createTable('invitations', (table) => {
    id(table);
    organization(table).index();
    table.text('email').notNullable();
    table.text('role').notNullable();
    table.text('invited_by').notNullable().references('id').inTable('users').onDelete('CASCADE');
    table.text('expires_at').notNullable();
    table.text('accepted_at');
    table.text('revoked_at');
    timestamps(table);
  });
}

async function createMail(trx: Knex): Promise<void> {
  await trx.schema.createTable('mails', (table) => {
    id(table);
    table.text('template').notNullable();
    table.text('recipient').notNullable();
    // JSON. Links are not in it: they are made when the mail is sent, so that no secret waits here.
    table.text('parameters').notNullable();
    table.integer('attempts').notNullable();
    table.text('next_try_at').notNullable();
    table.text('leased_until');
    table.text('sent_at');
    table.text('failed_at');
    table.text('last_error');
    timestamps(table);
  });
  await trx.raw('CREATE INDEX mails_waiting ON mails (next_try_at) WHERE sent_at IS NULL AND failed_at IS NULL');
  await trx.schema.createTable('server_secrets', (table) => {
    table.text('name').notNullable().primary();
    table.text('value').notNullable();
    table.text('created_at').notNullable();
  });
}
