import { z } from 'zod';
import { LIMIT_NAMES, LimitsDocument } from '#core/policy/limits-document.ts';
import { section } from '#core/policy/section.ts';
import { SETTING_NAMES } from '../env.ts';

/** YAML reads a bare 0123 or 1e5 as a number: what may be a secret has to be text. */
const Text = z.string({ error: 'text in quotes' }).min(1, 'text that is not empty');
const TextOrNumber = z.union([Text, z.int()], { error: 'text, or a whole number' }).transform((value) => String(value));

/** `database.sslmode` is DB_SSLMODE, `database.snowflake_token_file` is SNOWFLAKE_TOKEN_FILE: whatever the environment has. */
const DATABASE_KEYS: ReadonlyMap<string, string> = new Map(
  SETTING_NAMES.flatMap((name): [string, string][] => {
    if (name.startsWith('DB_')) return [[name.slice('DB_'.length).toLowerCase(), name]];
    return name.startsWith('SNOWFLAKE_') ? [[name.toLowerCase(), name]] : [];
  }),
);

const Database = section(
  Object.fromEntries([...DATABASE_KEYS.keys()].map((key) => [key, (key === 'port' ? TextOrNumber : Text).optional()])),
);

/** What an entry's own words are called in the environment. */
const ENTRY_KEYS = {
  backend: 'BACKEND_WEBSOCKET_URI',
  agent_id: 'AGENT_ID',
  connection_id: 'CONNECTION_ID',
  key: 'CUSTARD_API_KEY',
  key_file: 'CUSTARD_API_KEY_FILE',
  connector: 'CUSTARD_CONNECTOR',
  policy: 'POLICY_FILE',
  mask_key: 'MASK_KEY',
  required_posture: 'REQUIRED_POSTURE',
  health_every_ms: 'HEALTH_EVERY_MS',
} as const;

const Entry = section({
  name: z
    .string({ error: 'a name of its own, for the log' })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'letters, digits, ".", "_" and "-", at most 63'),
  ...(Object.fromEntries(
    Object.keys(ENTRY_KEYS).map((key) => [key, (key === 'health_every_ms' ? TextOrNumber : Text).optional()]),
  ) as {
    [K in keyof typeof ENTRY_KEYS]: z.ZodOptional<typeof Text>;
  }),
  database: Database,
  limits: LimitsDocument.optional(),
});
export type Entry = z.infer<typeof Entry>;

export const AgentsDocument = section({
  version: z.literal(1, { error: '1, the version of this format' }),
  /** Of every entry that has none of its own. */
  backend: Text.optional(),
  connections: z.array(Entry, { error: 'a list of connections' }).min(1, 'at least one connection').max(100),
});
export type AgentsDocument = z.infer<typeof AgentsDocument>;

/** What each level may hold, for a mistyped key. */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['version', 'backend', 'connections'],
  'connections.*': ['name', ...Object.keys(ENTRY_KEYS), 'database', 'limits'],
  'connections.*.database': [...DATABASE_KEYS.keys()],
  'connections.*.limits': LIMIT_NAMES,
};

const LIMIT_SETTINGS = {
  rows: 'MAX_RESULT_ROWS',
  bytes: 'MAX_RESULT_BYTES',
  timeoutMs: 'MAX_STATEMENT_MS',
  statements: 'MAX_CONCURRENT_STATEMENTS',
  waiting: 'MAX_WAITING_STATEMENTS',
  waitMs: 'MAX_WAIT_MS',
  sessions: 'POOL_SIZE',
} as const;

/** One setting of an entry: its name in the environment, where it stands, and what it is. */
export interface EntrySetting {
  readonly name: string;
  readonly path: readonly string[];
  readonly value: string;
}

/** An entry as the environment of an agent of its own would have it. */
export function settingsOf({ database, limits = {}, ...entry }: Entry): EntrySetting[] {
  return [
    ...Object.entries(ENTRY_KEYS).flatMap(([key, name]) => setting(name, [key], Reflect.get(entry, key))),
    ...Object.entries(database).flatMap(([key, value]) =>
      setting(DATABASE_KEYS.get(key) ?? key, ['database', key], value),
    ),
    ...Object.entries(LIMIT_SETTINGS).flatMap(([key, name]) => setting(name, ['limits'], Reflect.get(limits, key))),
  ];
}

function setting(name: string, path: readonly string[], value: unknown): EntrySetting[] {
  return value === undefined ? [] : [{ name, path, value: String(value) }];
}
