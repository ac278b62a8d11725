import { parseEnvironment } from './env.ts';
import { createLogger } from './logger.ts';
import { type RunningServer, startServer } from './server.ts';

interface RunServerOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** The control plane as a program: its environment, its log on stderr, its first token shown there once, or where that is. */
export async function runServer({ env, version }: RunServerOptions): Promise<RunningServer> {
  const config = parseEnvironment(env);
  const server = await startServer({ config, version, logger: createLogger(config.logLevel) });
  const { url, bootstrapToken: token } = server;
  if (token !== null) {
    process.stderr.write(
      config.firstTokenFile === null ? firstToken(url, token) : firstTokenFile(url, config.firstTokenFile),
    );
  }
  return server;
}

const firstToken = (url: string, token: string): string => `
This is the first start: here is a token, shown this once.

  export CUSTARD_API_URL=${url}
  export CUSTARD_TOKEN=${token}

`;

const firstTokenFile = (url: string, file: string): string => `
This is the first start: ${file} holds a token.

  export CUSTARD_API_URL=${url} $(cat ${file})

`;
