import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { refuseUnsafeProduction } from './production-rules.ts';

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
  CUSTARD_ENV: z
    .enum(['development', 'production'], { error: 'expects development or production' })
    .default('development'),
  PUBLIC_URL: httpUrl.optional(),
  SIGNUP: z.enum(['open', 'invited'], { error: 'expects open or invited' }).default('open'),
  JWT_SECRET_KEY: z.string().optional(),
  JWT_SECRET_KEY_PREVIOUS: z.string().optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'expects redis://host:6379' }).optional(),
  TRUSTED_PROXIES: z.coerce
    .number({ error: 'expects how many proxies of yours stand in front, 0 for none' })
    .int('expects a whole number')
    .min(0, 'expects 0 to 10')
    .max(10, 'expects 0 to 10')
    .default(0),
  CORS_ORIGINS: z
    .string()
    .regex(
      /^(\*|https?:\/\/[^\s,*/]+(,https?:\/\/[^\s,*/]+)*)$/,
      'expects origins with commas between them: https://a.example',
    )
    .optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'expects smtp://user:password@host:587 or smtps://…' }).optional(),
  RESEND_API_KEY: z.string().optional(),
  RESEND_BASE_URL: httpUrl.optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, 'expects an address: Custard <custard@example.com>')
    .optional(),
  MAIL_OUTBOX: z.string().optional(),
  MAIL_TEMPLATES: z.string().optional(),
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
  /** Then what is merely a bad idea elsewhere is refused; see production-rules.ts. */
  readonly production: boolean;
  /** Where people reach the pages, without a slash at its end; null is the address the server listens on. */
  readonly publicUrl: string | null;
  /** Whether strangers may sign up, or only who was invited may come in. */
  readonly signup: 'open' | 'invited';
  /** Signs access tokens; null is one that is made once and kept in the database. */
  readonly jwtSecret: string | null;
  /** Still good for what it has signed. */
  readonly jwtSecretPrevious: string | null;
  /** Null: this process counts tries by itself. */
  readonly redisUrl: string | null;
  /** Proxies of one's own in front of the server; 0: X-Forwarded-For is not looked at. */
  readonly trustedProxies: number;
  readonly corsOrigins: readonly string[];
  readonly mail: MailConfig;
}

export interface MailConfig {
  readonly from: string;
  /** A folder of templates in place of the builtin ones. */
  readonly templates: string | null;
  readonly transport:
    | { readonly kind: 'smtp'; readonly url: string }
    | { readonly kind: 'resend'; readonly apiKey: string; readonly baseUrl: string | null }
    | { readonly kind: 'folder'; readonly folder: string };
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
  const config: Config = {
    databaseUrl: values.DATABASE_URL ?? `sqlite:${join(dataDirectory, 'control-plane.db')}`,
    host: values.HOST,
    port: values.PORT,
    openai: openai(values),
    logLevel: values.LOG_LEVEL,
    clientStallMs: values.CLIENT_STALL_MS,
    firstTokenFile: values.FIRST_TOKEN_FILE ?? null,
    production: values.CUSTARD_ENV === 'production',
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    signup: values.SIGNUP,
    jwtSecret: values.JWT_SECRET_KEY ?? null,
    jwtSecretPrevious: values.JWT_SECRET_KEY_PREVIOUS ?? null,
    redisUrl: values.REDIS_URL ?? null,
    trustedProxies: values.TRUSTED_PROXIES,
    corsOrigins: values.CORS_ORIGINS?.split(',') ?? [],
    mail: mail(values, dataDirectory),
  };
  refuseUnsafeProduction(config);
  return config;
}

function mail(values: z.infer<typeof Environment>, dataDirectory: string): MailConfig {
  const { SMTP_URL, RESEND_API_KEY, RESEND_BASE_URL, MAIL_FROM, MAIL_OUTBOX, MAIL_TEMPLATES } = values;
  const shared = { from: MAIL_FROM ?? 'Custard <custard@localhost>', templates: MAIL_TEMPLATES ?? null };
  if (SMTP_URL !== undefined) return { ...shared, transport: { kind: 'smtp', url: SMTP_URL } };
  if (RESEND_API_KEY !== undefined)
    return { ...shared, transport: { kind: 'resend', apiKey: RESEND_API_KEY, baseUrl: RESEND_BASE_URL ?? null } };
  return { ...shared, transport: { kind: 'folder', folder: MAIL_OUTBOX ?? join(dataDirectory, 'outbox') } };
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
