import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { CustardError } from '#core/errors.ts';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const httpUrl = z.url({ protocol: /^https?$/, error: 'expects an http:// or https:// address' });

const Environment = z.object({
  DATABASE_URL: z
    .string()
    .regex(
      /^(sqlite:.+|postgres(ql)?:\/\/.+)$/,
      'expects sqlite:/path/to/custard.db or postgres://user:password@host/database',
    )
    .optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce
    .number({ error: 'expects a port number, 0 for any free one' })
    .int('expects a whole number')
    .min(0, 'expects 0 to 65535')
    .max(65_535, 'expects 0 to 65535')
    .default(8000),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  OPENAI_MODEL: z.string().default('gpt-4.1-mini'),
  LOG_LEVEL: z.enum(LEVELS, { error: `expects one of ${LEVELS.join(', ')}` }).default('info'),
  CLIENT_STALL_MS: z.coerce
    .number({ error: 'expects milliseconds' })
    .int('expects a whole number')
    .positive('expects more than 0')
    .default(60_000),
  FIRST_TOKEN_FILE: z.string().optional(),
  CUSTARD_DATA_DIR: z.string().optional(),
  XDG_DATA_HOME: z.string().optional(),
});

export interface Config {
  readonly databaseUrl: string;
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  /** Null: questions are answered by the builtin planner. */
  readonly openai: OpenAiConfig | null;
  readonly logLevel: (typeof LEVELS)[number];
  /** How long a client may stop reading its result before the query is cancelled. */
  readonly clientStallMs: number;
  /** Where the first start puts its token, instead of showing it; null shows it. */
  readonly firstTokenFile: string | null;
}

export interface OpenAiConfig {
  readonly apiKey: string;
  /** Null is OpenAI's own. */
  readonly baseUrl: string | null;
  readonly model: string;
}

/** Throws CONFIG_INVALID naming every variable that is wrong and what it expects. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is how compose files and unit files say "not set".
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success) throw invalid(parsed.error);
  const values = parsed.data;
  const dataDirectory =
    values.CUSTARD_DATA_DIR ?? join(values.XDG_DATA_HOME ?? join(homedir(), '.local/share'), 'custard');
  return {
    databaseUrl: values.DATABASE_URL ?? `sqlite:${join(dataDirectory, 'control-plane.db')}`,
    host: values.HOST,
    port: values.PORT,
    openai: openai(values),
    logLevel: values.LOG_LEVEL,
    clientStallMs: values.CLIENT_STALL_MS,
    firstTokenFile: values.FIRST_TOKEN_FILE ?? null,
  };
}

/** A model of one's own (Ollama, vLLM, llama.cpp) needs an address and no key. */
function openai(values: z.infer<typeof Environment>): OpenAiConfig | null {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: model } = values;
  if (apiKey === undefined && baseUrl === undefined) return null;
  return { apiKey: apiKey ?? 'none', baseUrl: baseUrl ?? null, model };
}

function invalid(error: z.ZodError): CustardError {
  const problems = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  return new CustardError('CONFIG_INVALID', `The environment is not right: ${problems.join('; ')}.`, {
    hint: `Set ${[...new Set(error.issues.map(({ path }) => path.join('.')))].join(', ')} and start again.`,
  });
}
