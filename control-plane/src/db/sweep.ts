import type { Database } from './database.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** What is over is kept that long, for whoever looks into what happened. */
const KEEP_MS = 30 * DAY_MS;

/** Takes away what is over for good: nothing here grows without end. */
export async function sweep({ knex }: Database): Promise<void> {
  const now = new Date().toISOString();
  const old = new Date(Date.now() - KEEP_MS).toISOString();
  await knex('signups').where('expires_at', '<', now).delete();
  await knex('link_tokens').where('expires_at', '<', old).delete();
  await knex('device_grants').where('expires_at', '<', now).delete();
  await knex('mails').where('sent_at', '<', old).delete();
  await knex('mails').where('failed_at', '<', old).delete();
  await knex('sessions').where('expires_at', '<', old).delete();
  await knex('sessions').where('revoked_at', '<', old).delete();
  await knex('invitations').where('expires_at', '<', old).delete();
}
