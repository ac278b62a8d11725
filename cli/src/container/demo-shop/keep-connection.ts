import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import type { ApiClient } from '../../api/api-client.ts';

interface KeepConnectionOptions {
  readonly api: ApiClient;
  readonly name: string;
  /** The agent's database role. */
  readonly reader: string;
  /** What the agent is started with: its identity and its secrets, by the environment's names. */
  readonly file: string;
}

/**
 * The connection, and the file for its agent. A key is shown once, when its connection is made; a connection
 * whose key is not in the file is of no use to anybody any more, and makes room for a new one.
 */
export async function keepConnection({
  api,
  name,
  reader,
  file,
}: KeepConnectionOptions): Promise<{ password: string }> {
  const found = (await api.connections()).find((connection) => connection.name === name);
  const kept = await readFile(file, 'utf8').then(parseEnv, () => null);
  const password = kept?.['DB_PASSWORD'] ?? randomBytes(24).toString('hex');
  if (found !== undefined && kept?.['AGENT_ID'] === found.agent_id) return { password };
  if (found !== undefined) await api.deleteConnection(found.id);
  const { id, agent_id, api_key } = await api.createConnection({ name, db_type: 'POSTGRESQL' });
  const settings = {
    AGENT_ID: agent_id,
    CONNECTION_ID: id,
    CUSTARD_API_KEY: api_key,
    DB_USER: reader,
    DB_PASSWORD: password,
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(`${file}.new`, lines.join(''), { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return { password };
}
