import { createRequire } from 'node:module';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { CustardError } from '#core/errors.ts';
import { SilentLogger } from './silent-logger.ts';

/** As the driver's own modules are, in the version that package.json names: they have no types. */
export interface Sdk {
  /** The driver, with an HTTP client of ours. */
  createCore(httpClientClass: HttpClientClass): {
    createConnection(options: Readonly<Record<string, unknown>>): SdkConnection;
  };
  readonly HttpClient: HttpClientClass;
}

type HttpClientClass = new (connectionConfig: unknown) => HttpClient;

export interface HttpClient {
  request(options: HttpRequest): unknown;
}

export interface HttpRequest {
  readonly url: string;
  readonly callback?: (error: unknown, response: unknown, body: unknown) => unknown;
}

export interface SdkConnection {
  connect(callback: (error: unknown) => void): unknown;
  execute(options: {
    readonly sqlText: string;
    readonly parameters: Readonly<Record<string, string | number | boolean>>;
    readonly binds?: readonly string[];
    readonly describeOnly: boolean;
    readonly streamResult: true;
    readonly rowMode: 'array';
    readonly complete: (error: unknown, statement: SdkStatement) => void;
  }): SdkStatement;
  destroy(callback: (error: unknown) => void): void;
  isUp(): boolean;
}

export interface SdkStatement {
  getColumns(): SdkColumn[] | undefined;
  streamRows(): NodeJS.ReadableStream & AsyncIterable<unknown> & { destroy(error?: Error): unknown };
  cancel(callback: (error: unknown) => void): void;
}

interface SdkColumn {
  /** What the driver calls for each value; by itself it rounds numbers to doubles. */
  _getRowValue: (row: { readonly values: readonly unknown[] }) => unknown;
}

let loaded: Sdk | undefined;

/** Takes half a second, and is done when a first connection is opened. UNSUPPORTED_ENGINE when it is not installed. */
export function loadSdk(): Sdk {
  loaded ??= load();
  return loaded;
}

function load(): Sdk {
  // At import it would look for a cloud's metadata service, load a native library, and make a folder in the user's home.
  process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true';
  process.env['SNOWFLAKE_DISABLE_MINICORE'] = 'true';
  process.env['SF_OCSP_RESPONSE_CACHE_DIR'] ??= join(devNull, 'snowflake');
  const require = createRequire(import.meta.url);
  try {
    require('snowflake-sdk/dist/lib/logger.js').setInstance(new SilentLogger());
    // A file in the home folder could make it log statements and tokens; it has to be off before anything takes it over.
    require('snowflake-sdk/dist/lib/logger/easy_logging_starter.js').init = async () => undefined;
    const { driverVersion: version, driverName: name } = require('snowflake-sdk/dist/lib/util.js');
    const client = { version, name, environment: process.versions };
    const core = require('snowflake-sdk/dist/lib/core.js');
    return {
      createCore: (httpClientClass) => core({ httpClientClass, loggerClass: SilentLogger, client }),
      HttpClient: require('snowflake-sdk/dist/lib/http/node.js').NodeHttpClient,
    };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error;
    throw new CustardError('UNSUPPORTED_ENGINE', "Snowflake's driver is not installed.", {
      hint: 'Install it beside Custard: npm install snowflake-sdk@3.3.0',
      cause: error,
    });
  }
}
