import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCustardError } from '#core/errors.ts';
import { parseAgentsFile } from './parse-agents-file.ts';

const KEY = `custard_${'k'.repeat(36)}`;
/** As it stands in the file. */
const reference = (name: string): string => `$\{${name}}`;

const parse = (text: string, env: NodeJS.ProcessEnv = { SHOP_KEY: KEY, SHOP_PASSWORD: 'p@ss#/%' }) =>
  parseAgentsFile(text, { path: '/etc/custard/agents.yaml', env });

const SHOP = `
version: 1
backend: wss://custard.example.com/api/v1/connections/ws/{agent_id}
connections:
  - name: shop
    agent_id: agent_1
    key: \${SHOP_KEY}
    database:
      host: db
      port: 5433
      user: reader
      password: \${SHOP_PASSWORD}
      name: shop
      sslmode: verify-full
      sslrootcert: certs/ca.pem
    policy: shop.yaml
    required_posture: good
    limits: { rows: 1000, bytes: 64 MiB, time: 30s, statements: 4, waiting: 20, wait: 5s, sessions: 6 }
`;
const ERP = `
  - name: erp
    agent_id: agent_2
    connection_id: con_2
    key_file: keys/erp
    backend: ws://other:8000/api/v1/connections/ws/{agent_id}
    database: { url: "snowflake://me@org-account/DB", snowflake_token_file: /run/token }
`;

test('each entry becomes what the environment of an agent of its own would be', () => {
  const [shop, erp] = parse(SHOP + ERP);
  expect(shop).toEqual({
    name: 'shop',
    environment: expect.objectContaining({
      ...{ AGENT_ID: 'agent_1', CUSTARD_API_KEY: KEY, DB_HOST: 'db', DB_PORT: 5433, DB_PASSWORD: 'p@ss#/%' },
      ...{ DB_SSLMODE: 'verify-full', DB_SSLROOTCERT: '/etc/custard/certs/ca.pem', DB_NAME: 'shop', DB_USER: 'reader' },
      ...{ POLICY_FILE: '/etc/custard/shop.yaml', REQUIRED_POSTURE: 'good' },
      ...{ MAX_RESULT_ROWS: 1000, MAX_RESULT_BYTES: 64 << 20, MAX_STATEMENT_MS: 30_000, MAX_WAIT_MS: 5_000 },
      ...{ MAX_CONCURRENT_STATEMENTS: 4, MAX_WAITING_STATEMENTS: 20, POOL_SIZE: 6 },
      BACKEND_WEBSOCKET_URI: 'wss://custard.example.com/api/v1/connections/ws/agent_1',
    }),
  });
  expect(erp?.environment).toMatchObject({
    ...{ CONNECTION_ID: 'con_2', CUSTARD_API_KEY_FILE: '/etc/custard/keys/erp', SNOWFLAKE_TOKEN_FILE: '/run/token' },
    BACKEND_WEBSOCKET_URI: 'ws://other:8000/api/v1/connections/ws/agent_2',
  });
});

test('a connector of somebody else is looked for beside the file, or is a package, and needs no place of ours', () => {
  const connectorOf = (connector: string) =>
    parse(`${SHOP}  - { name: own, agent_id: agent_3, key_file: k, connector: "${connector}", database: {} }\n`)[1]
      ?.environment.CUSTARD_CONNECTOR;
  expect(connectorOf('./mine.js')).toBe('/etc/custard/mine.js');
  expect(connectorOf('/opt/mine.js')).toBe('/opt/mine.js');
  expect(connectorOf('@mine/connector')).toBe('@mine/connector');
});

function refusal(text: string, env?: NodeJS.ProcessEnv): string {
  try {
    parse(text, env);
  } catch (error) {
    if (isCustardError(error) && error.code === 'CONFIG_INVALID') return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

describe('what is wrong is told with its line and column, and no value of the file', () => {
  test.each<[string, string, string]>([
    [
      'a mistyped key',
      SHOP.replace('policy:', 'polcy:'),
      'line 16, column 5: there is no connections.0.polcy; did you',
    ],
    [
      'one of the database',
      SHOP.replace('sslmode:', 'ssl_mode:'),
      'no connections.0.database.ssl_mode; did you mean ssl',
    ],
    ['one of the limits', SHOP.replace('waiting:', 'wating:'), 'connections.0.limits.wating; did you mean waiting?'],
    [
      'one at the top',
      SHOP.replace('backend:', 'backnd:'),
      'line 3, column 1: there is no backnd; did you mean backend?',
    ],
    [
      'a mode there is not',
      SHOP.replace('verify-full', 'hunter2'),
      'line 14, column 16: connections.0.database.sslmode',
    ],
    [
      'a port that is none',
      SHOP.replace('5433', '99999'),
      'line 10, column 13: connections.0.database.port: expected a port',
    ],
    [
      'a key that is none',
      SHOP.replace(reference('SHOP_KEY'), 'hunter2'),
      'line 7, column 10: connections.0.key: expected an agent',
    ],
    ['no key', SHOP.replace(/ {4}key: .*\n/, ''), 'connections.0.key_file: expected the file that holds the agent'],
    [
      'two keys',
      SHOP.replace('    policy', '    key_file: a\n    policy'),
      'connections.0.key_file: expected nothing beside key',
    ],
    ['no address', SHOP.replace(/backend: .*\n/, ''), 'connections.0.backend: expected the control plane'],
    [
      'no database',
      SHOP.replace('      host: db\n', ''),
      'line 9, column 7: connections.0.database: expected url, url_file or host',
    ],
    [
      'a number for a password',
      SHOP.replace(reference('SHOP_PASSWORD'), '0123'),
      'database.password: expected text in quotes',
    ],
    ['a name that is there twice', SHOP + ERP.replace('name: erp', 'name: shop'), 'connections.1.name is there twice'],
    ['an agent that is', SHOP + ERP.replace('agent_2', 'agent_1'), 'connections.1.agent_id is there twice'],
    ['too many statements', SHOP.replace('statements: 4', 'statements: 65'), 'a number of statements, 1 to 64'],
    [
      'no connection',
      'version: 1\nconnections: []',
      'line 2, column 14: connections: expected at least one connection',
    ],
    ['broken YAML', 'version: 1\nconnections: [hunter2', 'it is not YAML'],
    ['nothing', '', 'expected keys with values'],
  ])('%s', (_, text, expected) => {
    const message = refusal(text);
    expect(message).toContain(expected);
    expect(message).not.toContain('hunter2');
  });

  test('a variable that is not there', () => {
    expect(refusal(SHOP, { SHOP_KEY: KEY })).toContain(
      'line 12, column 17: connections.0.database.password names a variable that the environment does not have',
    );
  });

  test('any text at all', () => {
    const line = fc.constantFrom(...(SHOP + ERP).split('\n'), '- x', '? y', '{', ']', '*a', '&a', '\t');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.shuffledSubarray((SHOP + ERP).split('\n')).map((lines) => lines.join('\n')),
      fc.array(line).map((lines) => lines.join('\n')),
    );
    const property = fc.property(text, (candidate) => {
      try {
        parse(candidate);
      } catch (error) {
        expect(isCustardError(error) && error.code).toBe('CONFIG_INVALID');
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});
