import { pino } from 'pino';
import { parseEnvironment } from './env.ts';
import { type RunningServer, startServer } from './server.ts';

interface RunServerOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** The control plane as a program: its environment, its log on stderr, its first token shown there once. */
export async function runServer({ env, version }: RunServerOptions): Promise<RunningServer> {
  const config = parseEnvironment(env);
  const logger = pino({ level: config.logLevel, serializers: { error: pino.stdSerializers.err } }, process.stderr);
  const server = await startServer({ config, version, logger });
  if (server.bootstrapToken !== null) process.stderr.write(firstToken(server.url, server.bootstrapToken));
  return server;
}

const firstToken = (url: string, token: string): string => `
This is the first start: here is a token, shown this once.

  export CUSTARD_API_URL=${url}
  export CUSTARD_TOKEN=${token}

`;
