import { Duplex } from 'node:stream';
import type { Connection } from 'mysql2';
import type { ServerFacts } from './session.ts';

/** What mysql2 keeps on its connection object and its types do not tell. */
export function streamOf(connection: Connection): Duplex {
  const stream: unknown = Reflect.get(connection, 'stream');
  if (stream instanceof Duplex) return stream;
  throw new Error('mysql2 keeps its socket elsewhere.');
}

export function serverFacts(connection: Connection): ServerFacts {
  const handshake: unknown = Reflect.get(connection, '_handshakePacket');
  const given: unknown = typeof handshake === 'object' && handshake !== null && Reflect.get(handshake, 'serverVersion');
  const text = typeof given === 'string' ? given : '';
  return {
    isMariadb: /mariadb/i.test(text),
    // MariaDB before 11 hides its version behind one of MySQL's, for replication.
    version: /(?:5\.5\.5-)?(\d+(?:\.\d+)+)/.exec(text)?.[1] ?? text,
    hasExtendedMetadata: Reflect.get(connection, '_mariadbExtendedMetadata') === true,
  };
}
