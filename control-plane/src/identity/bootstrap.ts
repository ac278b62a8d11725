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

/**
 * On the first start: an organization, its owner and one token, which is returned this once and stored
 * as a hash only. Null ever after. Without `withToken` the embedder has a token of its own.
 */
export async function bootstrap(
  { knex }: Database,
  { withToken }: { readonly withToken: boolean },
): Promise<{ readonly owner: Principal; readonly token: string | null }> {
  const token = await knex.transaction(async (trx) => {
    const isFirst = await createOwner(trx);
    if (!withToken || !(isFirst || (await hasNoToken(trx)))) return null;
    const key = createSecretKey();
    await trx('tokens').insert({
      ...{ id: randomUUID(), organization_id: DEFAULT_ORGANIZATION, user_id: OWNER, name: 'bootstrap' },
      ...{ hash: hashSecretKey(key), ...created() },
    });
    return key;
  });
  return { owner: { organizationId: DEFAULT_ORGANIZATION, userId: OWNER, tokenId: OWN_TOKEN }, token };
}

/** True for the one that made the organization; others who start at the same time wait for it here. */
async function createOwner(trx: Knex): Promise<boolean> {
  const organization = { id: DEFAULT_ORGANIZATION, name: 'default', ...created() };
  const made = await trx('organizations').insert(organization).onConflict('id').ignore().returning('id');
  if (made.length === 0) {
    await trx('organizations').where({ id: DEFAULT_ORGANIZATION }).update({ updated_at: new Date().toISOString() });
    return false;
  }
  await trx('users').insert({ id: OWNER, ...created() });
  await trx('memberships').insert({
    ...{ organization_id: DEFAULT_ORGANIZATION, user_id: OWNER, role: 'owner', ...created() },
  });
  return true;
}

async function hasNoToken(trx: Knex): Promise<boolean> {
  return (await trx('tokens').first('id')) === undefined;
}

function created(): { readonly created_at: string; readonly updated_at: string } {
  const now = new Date().toISOString();
  return { created_at: now, updated_at: now };
}
