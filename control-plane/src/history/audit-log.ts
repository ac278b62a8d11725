import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import { bulkInsert } from '../db/bulk-statement.ts';
import type { Database } from '../db/database.ts';
import { GroupCommit } from '../db/group-commit.ts';
import type { PreparedConnection, ValueRow } from '../db/prepared-connection.ts';
import { canonicalJson, type Json } from './canonical-json.ts';

/** Something an organization may want proof of. */
export interface AuditEvent {
  readonly organizationId: string;
  /** `user:…`, `agent:…` or `system`. */
  readonly actor: string;
  /** `<what>.<past tense>`: connection.created, statement.executed … */
  readonly action: string;
  /** The id of the thing. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, Json>>;
}

const AuditRow = z.object({
  organization_id: z.string(),
  sequence: z.int(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.string(),
  created_at: z.string(),
  previous_hash: z.string(),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

export interface AuditCheck {
  /** Rows that fit. */
  readonly entries: number;
  /** The sequence number of the first row that does not. */
  readonly brokenAt: number | null;
  /** The last row that fits. Kept elsewhere, it shows a log that was cut short. */
  readonly head: { readonly sequence: number; readonly hash: string } | null;
}

const Head = z.object({ sequence: z.int(), hash: z.string() });
type Head = z.infer<typeof Head>;
const BEGINNING: Head = { sequence: 0, hash: '' };

const INSERT = bulkInsert('audit', {
  ...{ organization_id: 'text', sequence: 'integer', actor: 'text', action: 'text', subject: 'text', detail: 'text' },
  ...{ created_at: 'text', previous_hash: 'text', hash: 'text' },
});
const HEAD = 'SELECT sequence, hash FROM audit WHERE organization_id = ? ORDER BY sequence DESC LIMIT 1';
/** Holds until the transaction ends; SQLite's transactions exclude one another anyway. */
const LOCK = 'SELECT pg_advisory_xact_lock(hashtextextended(?, 0))';

/**
 * Append-only, and chained: each row holds the SHA-256 of the previous row's hash and its own
 * content, so a row that is changed or taken out of the middle shows. One chain per organization.
 */
export class AuditLog {
  readonly #database: Database;
  readonly #commits: GroupCommit<AuditEvent & { readonly at: string }>;

  constructor(database: Database) {
    this.#database = database;
    this.#commits = new GroupCommit({ write: (events) => this.#write(events), delayMs: 20, maxPending: 100_000 });
  }

  /** Resolves once it is written. */
  append(event: AuditEvent): Promise<void> {
    return this.#commits.submit({ ...event, at: new Date().toISOString() });
  }

  /** Follows the chain from its first row. */
  async verify(organizationId: string): Promise<AuditCheck> {
    let head = BEGINNING;
    for (;;) {
      const page = await this.#page(organizationId, (own) =>
        own.where('sequence', '>', head.sequence).orderBy('sequence').limit(1000),
      );
      for (const row of page) {
        const fits = row.sequence === head.sequence + 1 && row.previous_hash === head.hash && row.hash === hashOf(row);
        if (!fits) return checked(head, head.sequence + 1);
        head = row;
      }
      if (page.length === 0) return checked(head, null);
    }
  }

  /** The newest first; `before`: only those with a smaller sequence number. */
  async list(
    organizationId: string,
    { before, limit }: { readonly before: number | null; readonly limit: number },
  ): Promise<AuditRow[]> {
    return await this.#page(organizationId, (own) =>
      (before === null ? own : own.where('sequence', '<', before)).orderBy('sequence', 'desc').limit(limit),
    );
  }

  drain(): Promise<void> {
    return this.#commits.drain();
  }

  async #page(organizationId: string, pick: (own: Knex.QueryBuilder) => Knex.QueryBuilder): Promise<AuditRow[]> {
    return await this.#database.forOrganization(organizationId, async (knex) =>
      z.array(AuditRow).parse(await pick(knex('audit').where({ organization_id: organizationId }))),
    );
  }

  async #write(events: readonly (AuditEvent & { readonly at: string })[]): Promise<void> {
    const byOrganization = Map.groupBy(events, ({ organizationId }) => organizationId);
    await this.#database.transaction(async (connection) => {
      // In one order everywhere: two replicas must not wait for each other's locks.
      for (const organizationId of [...byOrganization.keys()].sort()) {
        if (this.#database.engine === 'postgres') await connection.all(LOCK, [organizationId]);
        const head = await readHead(connection, organizationId);
        await connection.bulk(INSERT, chain(head, byOrganization.get(organizationId) ?? []));
      }
    });
  }
}

function checked({ sequence, hash }: Head, brokenAt: number | null): AuditCheck {
  return { entries: sequence, brokenAt, head: sequence === 0 ? null : { sequence, hash } };
}

async function readHead(connection: PreparedConnection, organizationId: string): Promise<Head> {
  const [head] = await connection.all(HEAD, [organizationId]);
  return head === undefined ? BEGINNING : Head.parse(head);
}

function chain(head: Head, events: readonly (AuditEvent & { readonly at: string })[]): ValueRow[] {
  let { sequence, hash } = head;
  return events.map(({ organizationId, actor, action, subject, detail, at }) => {
    const content = {
      ...{ organization_id: organizationId, sequence: ++sequence, actor, action, subject },
      ...{ detail: canonicalJson(detail), created_at: at, previous_hash: hash },
    };
    hash = hashOf(content);
    return { ...content, hash };
  });
}

function hashOf({ previous_hash, ...row }: Omit<AuditRow, 'hash'>): string {
  const { organization_id, sequence, actor, action, subject, detail, created_at } = row;
  const content = { organization_id, sequence, actor, action, subject, detail, created_at };
  return createHash('sha256')
    .update(`${previous_hash}${canonicalJson(content)}`)
    .digest('hex');
}
