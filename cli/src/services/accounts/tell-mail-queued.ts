import type { MailQueued } from '#core/protocol/accounts.ts';
import { envelope } from '../../output/envelope.ts';
import type { Session } from '../session.ts';

/** The server's own words: they are the same whether an address is known to it or not. */
export async function tellMailQueued({ format, sink, narrator }: Session, queued: MailQueued): Promise<void> {
  if (format === 'json') await sink.write(envelope({ schema: 'custard.mail-queued/1', data: queued }));
  else narrator.note(queued.message);
}
