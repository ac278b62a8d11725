import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { HARD_MAX_RESULT_BYTES, HARD_MAX_ROWS, MAX_TIMEOUT_MS } from '#core/protocol/limits.ts';

/** The agent's environment, read once; names as users know them. */
const Environment = z.object({
  BACKEND_WEBSOCKET_URI: z
    .url({ protocol: /^wss?$/, error: 'the control plane, as ws://… or wss://…; may hold {agent_id}' })
    .regex(/^[^#]*$/, 'an address without "#", which no WebSocket may have'),
  AGENT_ID: z.string({ error: 'the agent id that `custard connections create` showed' }).min(1),
  CUSTARD_API_KEY: z
    .string({ error: 'the agent key that `custard connections create` showed' })
    .regex(/^custard_[0-9A-Za-z]{36}$/, 'an agent key: custard_ and 36 letters and digits'),
  CONNECTION_ID: z.string().min(1).optional(),
  /** A connector that is not ours, by the name of its package or the path of its file (docs/connectors.md). */
  CUSTARD_CONNECTOR: z.string().min(1).optional(),
  DB_URL: z.string().min(1).optional(),
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
  SNOWFLAKE_PRIVATE_KEY_FILE: z.string().min(1).optional(),
  SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: z.string().min(1).optional(),
  SNOWFLAKE_TOKEN: z.string().min(1).optional(),
  SNOWFLAKE_TOKEN_FILE: z.string().min(1).optional(),
  MAX_RESULT_ROWS: positive(HARD_MAX_ROWS, 'a number of rows'),
  MAX_RESULT_BYTES: positive(HARD_MAX_RESULT_BYTES, 'a number of bytes'),
  MAX_STATEMENT_MS: positive(MAX_TIMEOUT_MS, 'milliseconds'),
  /** A YAML file of what may be read (docs/policy.md); the agent does not start without it once it is named. */
  POLICY_FILE: z.string().min(1).optional(),
  /** Whatever hashes masked values; without it each start of the agent hashes them differently. */
  MASK_KEY: z.string().min(32, 'at least 32 characters that nobody can guess').optional(),
  /** The worst grade of the database role that the agent starts with; without it, any. */
  REQUIRED_POSTURE: z.enum(['good', 'acceptable'], { error: 'good or acceptable' }).optional(),
});
export type AgentEnvironment = z.infer<typeof Environment>;

function positive(fallback: number, error: string) {
  return z.coerce.number({ error }).int().positive().default(fallback);
}

/** CONFIG_INVALID says of each wrong or missing name what it expects; values are never repeated. */
export function parseEnvironment(environment: NodeJS.ProcessEnv): AgentEnvironment {
  // An empty variable is what compose files make of an unset one.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const uri = given['BACKEND_WEBSOCKET_URI'];
  const filled = uri?.replaceAll('{agent_id}', encodeURIComponent(given['AGENT_ID'] ?? ''));
  const parsed = Environment.safeParse({
    ...given,
    ...(filled === undefined ? {} : { BACKEND_WEBSOCKET_URI: filled }),
  });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: expected ${issue.message}`);
  throw new CustardError('CONFIG_INVALID', `The agent's environment is not right. ${problems.join('; ')}.`, {
    hint: '`custard connections agent-command NAME` prints a command with every name in it.',
  });
}
