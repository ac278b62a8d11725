import { ERRORS } from '#core/errors.ts';
import type { AuditEntry } from '#core/protocol/accounts.ts';
import { auditPage, verifyAudit as verify } from '../api/accounts.ts';
import type { ApiClient } from '../api/api-client.ts';
import { Exit } from '../exit.ts';
import { envelope } from '../output/envelope.ts';
import type { ListColumn } from '../output/print-list.ts';
import type { RunContext } from '../run-context.ts';
import { openServerApi } from './open-api.ts';
import { createSession, type SessionFlags } from './session.ts';
import { tellList } from './tell.ts';

interface Options {
  readonly context: RunContext;
  readonly flags: SessionFlags;
}

const COLUMNS: readonly ListColumn<AuditEntry>[] = [
  { name: 'no', kind: 'integer', value: ({ sequence }) => sequence },
  { name: 'at', value: ({ at }) => at },
  { name: 'who', value: ({ actor }) => actor },
  { name: 'what', value: ({ action }) => action },
  { name: 'of', value: ({ subject }) => subject },
  { name: 'detail', value: ({ detail }) => JSON.stringify(detail) },
];
/** As many as the server gives at once. */
const PAGE = 500;

interface ListOptions extends Options {
  readonly limit: number;
  readonly before: number | null;
}

/** The newest first, page by page until there are enough. */
export async function listAudit({ context, flags, limit, before }: ListOptions): Promise<void> {
  const session = createSession(context, flags);
  const { items, next } = await entries(openServerApi(session), { limit, before });
  await tellList(session, { schema: 'custard.audit/1', items, columns: COLUMNS });
  if (next !== null) session.narrator.note(`There are older ones: --before ${next}, or a higher --limit`);
}

async function entries(api: ApiClient, { limit, before }: { readonly limit: number; readonly before: number | null }) {
  const items: AuditEntry[] = [];
  let next = before;
  do {
    const page = await auditPage(api, { before: next, limit: Math.min(PAGE, limit - items.length) });
    items.push(...page.entries);
    next = page.next;
  } while (next !== null && items.length < limit);
  return { items, next };
}

/** Whether the chain of hashes is whole; exit status 8 when it is not. */
export async function verifyAudit({ context, flags }: Options): Promise<void> {
  const session = createSession(context, flags);
  const { narrator, sink, format } = session;
  const verdict = await narrator.during('reading the log', () => verify(openServerApi(session)));
  const { ok, entries: count, broken_at: brokenAt, head } = verdict;
  if (format === 'json') await sink.write(envelope({ schema: 'custard.audit-verdict/1', data: verdict }));
  else {
    const counted = `${count} ${count === 1 ? 'entry' : 'entries'}`;
    const last = head === null ? '' : ` The last that fits is no ${head.sequence}, ${head.hash}.`;
    await sink.write(
      ok
        ? `whole: ${counted}.${last}\n`
        : `BROKEN at no ${brokenAt}: that entry, or one before it, was changed after it was written.${last}\n`,
    );
  }
  if (!ok) throw new Exit(ERRORS.EMPTY_RESULT.exit);
}
