import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import {
  HARD_MAX_RESULT_BYTES,
  HARD_MAX_ROWS,
  HARD_MAX_SESSIONS,
  HARD_MAX_STATEMENTS,
  HARD_MAX_WAITING,
  MAX_TIMEOUT_MS,
} from '#core/protocol/limits.ts';

const EVERY = `milliseconds, 0 to ${MAX_TIMEOUT_MS}`;

export const AgentKey = z
  .string({ error: 'the agent key that `custard connections create` showed' })
  .regex(/^custard_[0-9A-Za-z]{36}$/, 'an agent key: custard_ and 36 letters and digits');

/** The agent's environment, read once; names as users know them. */
const Environment = z.object({
  BACKEND_WEBSOCKET_URI: z
    .url({ protocol: /^wss?$/, error: 'the control plane, as ws://… or wss://…; may hold {agent_id}' })
    .regex(/^[^#]*$/, 'an address without "#", which no WebSocket may have'),
  AGENT_ID: z.string({ error: 'the agent id that `custard connections create` showed' }).min(1),
  CUSTARD_API_KEY: AgentKey.optional(),
  /** A file with the key in it, instead of the key. */
  CUSTARD_API_KEY_FILE: z.string().min(1).optional(),
  CONNECTION_ID: z.string().min(1).optional(),
  /** A connector that is not ours, by the name of its package or the path of its file (docs/connectors.md). */
  CUSTARD_CONNECTOR: z.string().min(1).optional(),
  DB_URL: z.string().min(1).optional(),
  /** Files that hold them, as container platforms hand secrets over. */
  DB_URL_FILE: z.string().min(1).optional(),
  DB_PASSWORD_FILE: z.string().min(1).optional(),
  DB_HOST: z.string().min(1).optional(),
  DB_PORT: z.coerce.number({ error: 'a port number' }).int().min(1).max(65_535).optional(),
  DB_USER: z.string().min(1).optional(),
  DB_PASSWORD: z.string().optional(),
  DB_NAME: z.string().min(1).optional(),
  DB_SSLMODE: z
    .enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full'], {
      error: 'one of disable, prefer, require, verify-ca, verify-full',
    })
    .optional(),
  DB_SSLROOTCERT: z.string().min(1).optional(),
  DB_SSLCERT: z.string().min(1).optional(),
  DB_SSLKEY: z.string().min(1).optional(),
  DB_SSLPASSWORD: z.string().min(1).optional(),
  SNOWFLAKE_PRIVATE_KEY_FILE: z.string().min(1).optional(),
  SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: z.string().min(1).optional(),
  SNOWFLAKE_TOKEN: z.string().min(1).optional(),
  SNOWFLAKE_TOKEN_FILE: z.string().min(1).optional(),
  /** Schemas to describe, by name, with commas between them; without it, all that the role can see. */
  SCHEMA_NAME: z.string().min(1).optional(),
  /** Tables to describe, by patterns with commas between them, those to leave out with "!" before (docs/schema.md). */
  TABLE_FILTER: z.string().min(1).optional(),
  MAX_RESULT_ROWS: upTo(HARD_MAX_ROWS, 'a number of rows').default(HARD_MAX_ROWS),
  MAX_RESULT_BYTES: upTo(HARD_MAX_RESULT_BYTES, 'a number of bytes').default(HARD_MAX_RESULT_BYTES),
  MAX_STATEMENT_MS: upTo(MAX_TIMEOUT_MS, 'milliseconds').default(MAX_TIMEOUT_MS),
  /** Statements that run at the same time, that may wait for their turn, and how long they do. */
  MAX_CONCURRENT_STATEMENTS: upTo(HARD_MAX_STATEMENTS, 'a number of statements').optional(),
  MAX_WAITING_STATEMENTS: upTo(HARD_MAX_WAITING, 'a number of statements').optional(),
  MAX_WAIT_MS: upTo(MAX_TIMEOUT_MS, 'milliseconds').optional(),
  /** Sessions with the database at the same time. */
  POOL_SIZE: upTo(HARD_MAX_SESSIONS, 'a number of sessions').optional(),
  /** Between two looks at a database that nobody asks; 0: only when a statement could not reach it. */
  HEALTH_EVERY_MS: z.coerce.number({ error: EVERY }).int(EVERY).min(0, EVERY).max(MAX_TIMEOUT_MS, EVERY).optional(),
  /** A YAML file of what may be read (docs/policy.md); the agent does not start without it once it is named. */
  POLICY_FILE: z.string().min(1).optional(),
  /** Whatever hashes masked values; without it each start of the agent hashes them differently. */
  MASK_KEY: z.string().min(32, 'at least 32 characters that nobody can guess').optional(),
  /** The worst grade of the database role that the agent starts with; without it, any. */
  REQUIRED_POSTURE: z.enum(['good', 'acceptable'], { error: 'good or acceptable' }).optional(),
});
export type AgentEnvironment = z.infer<typeof Environment>;

/** Every name there is; one that begins with DB_ or SNOWFLAKE_ is about the database. */
export const SETTING_NAMES = Object.keys(Environment.shape);

function upTo(most: number, what: string) {
  const error = `${what}, 1 to ${most}`;
  return z.coerce.number({ error }).int(error).positive(error).max(most, error);
}

/** A name that is missing or wrong, and what it expects. */
interface SettingProblem {
  readonly name: string;
  readonly expected: string;
}

/** CONFIG_INVALID says of each wrong or missing name what it expects; values are never repeated. */
export function parseEnvironment(environment: NodeJS.ProcessEnv): AgentEnvironment {
  const checked = checkEnvironment(environment);
  if (checked.environment !== null) return checked.environment;
  const problems = checked.problems.map(({ name, expected }) => `${name}: expected ${expected}`);
  throw new CustardError('CONFIG_INVALID', `The agent's environment is not right. ${problems.join('; ')}.`, {
    hint: '`custard connections agent-command NAME` prints a command with every name in it.',
  });
}

type Checked =
  | { readonly environment: AgentEnvironment }
  | { readonly environment: null; readonly problems: readonly SettingProblem[] };

/** For whoever has names of their own for what is wrong. */
export function checkEnvironment(environment: NodeJS.ProcessEnv): Checked {
  // An empty variable is what compose files make of an unset one.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const uri = given['BACKEND_WEBSOCKET_URI'];
  const filled = uri?.replaceAll('{agent_id}', encodeURIComponent(given['AGENT_ID'] ?? ''));
  const parsed = Environment.safeParse({
    ...given,
    ...(filled === undefined ? {} : { BACKEND_WEBSOCKET_URI: filled }),
  });
  const keys = [given['CUSTARD_API_KEY'], given['CUSTARD_API_KEY_FILE']].filter((key) => key !== undefined).length;
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => ({ name: path.join('.'), expected: message }));
  if (keys === 0) problems.push({ name: 'CUSTARD_API_KEY', expected: 'the agent key, or CUSTARD_API_KEY_FILE' });
  if (keys > 1) problems.push({ name: 'CUSTARD_API_KEY_FILE', expected: 'nothing beside CUSTARD_API_KEY' });
  return parsed.success && problems.length === 0 ? { environment: parsed.data } : { environment: null, problems };
}
