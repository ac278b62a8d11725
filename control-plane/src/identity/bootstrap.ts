import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database } from '../db/database.ts';
import type { Principal } from './principal.ts';
import { createSecretKey, hashSecretKey } from './secret-key.ts';

/** The organization that is there from the first start; a fixed id, so that two first starts make one. */
const DEFAULT_ORGANIZATION = 'org_default';
const OWNER = 'user_owner';

/** A token's id in records of what an embedder asked with the token of its own. */
const OWN_TOKEN = 'token_own';

/** The organization's owner; both are made on the first start. */
export async function ensureOwner({ knex }: Database): Promise<Principal> {
  await knex.transaction(createOwner);
  return { organizationId: DEFAULT_ORGANIZATION, userId: OWNER, tokenId: OWN_TOKEN };
}

/**
 * The owner's first token, returned this once and stored as a hash only; null when there is a token.
 * To be called when nothing can fail any more before it is shown: a token nobody saw locks everybody out.
 * Where `keep` fails, which puts it somewhere, there is none.
 */
export async function createFirstToken(
  { knex }: Database,
  keep: (token: string) => Promise<void> = async () => undefined,
): Promise<string | null> {
  return knex.transaction(async (trx) => {
    await createOwner(trx);
    if (await hasToken(trx)) return null;
    const key = createSecretKey();
    await trx('tokens').insert({
      ...{ id: randomUUID(), organization_id: DEFAULT_ORGANIZATION, user_id: OWNER, name: 'bootstrap' },
      ...{ hash: hashSecretKey(key), ...created() },
    });
    await keep(key);
    return key;
  });
}

/** Whoever does this at the same time waits for the other here, until that one's transaction ends. */
async function createOwner(trx: Knex): Promise<void> {
  const organization = { id: DEFAULT_ORGANIZATION, name: 'default', ...created() };
  const made = await trx('organizations').insert(organization).onConflict('id').ignore().returning('id');
  if (made.length === 0) {
    await trx('organizations').where({ id: DEFAULT_ORGANIZATION }).update({ updated_at: new Date().toISOString() });
    return;
  }
  await trx('users').insert({ id: OWNER, ...created() });
  await trx('memberships').insert({
    ...{ organization_id: DEFAULT_ORGANIZATION, user_id: OWNER, role: 'owner', ...created() },
  });
}

async function hasToken(trx: Knex): Promise<boolean> {
  return (await trx('tokens').first('id')) !== undefined;
}

function created(): { readonly created_at: string; readonly updated_at: string } {
  const now = new Date().toISOString();
  return { created_at: now, updated_at: now };
}
