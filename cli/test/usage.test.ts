import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CONNECTION, failing, json, resultText, startFakeControlPlane, streaming } from './fake-control-plane.ts';
import { createSandbox, runCommand, type Sandbox } from './run-command.ts';

const RESULT = { columns: [{ name: 'n', type: 'int4', kind: 'integer' as const }], rows: [[1]] };

async function usageError(args: readonly string[], sandbox: Sandbox) {
  const text = await runCommand(args, sandbox);
  expect(text).toMatchObject({ status: 2, stdout: '' });
  const { status, stdout, stderr } = await runCommand([...args, '--json'], sandbox);
  expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
  const { schema, error } = JSON.parse(stdout);
  expect(schema).toBe('custard.error/1');
  expect(text.stderr).toBe(`error: ${error.message} (${error.code})\n${error.hint}\n`);
  return error;
}

test.each([
  [['akk', 'x'], 'There is no command "akk".', 'Did you mean `custard ask`?'],
  [['conections', 'list'], 'There is no command "conections".', 'Did you mean `custard connections list`?'],
  [['conections'], 'There is no command "conections".', 'Did you mean `custard connections`?'],
  [['ask', 'x', '--jsno'], 'There is no flag --jsno here.', 'Did you mean --json?'],
  [['ask', 'x', '--format', 'xml'], 'Expected --format=xml to be one of', 'custard ask --help'],
  [['ask', 'x', '--timeout', 'soon'], '--timeout is not a time this can wait: soon', '30s'],
  [['sql', 'x', '--max-rows', '0'], '--max-rows is not a number of rows: 0', '--max-rows 500'],
  [['ask', 'x', '--sql-only', '--dry-run'], '--dry-run', 'custard ask --help'],
  [['ask'], 'There is no question.', 'custard ask "'],
  [['sql'], 'There is no statement.', 'custard sql "'],
  [['sql', 'x', '-f', 'y'], 'There is a statement and a file with one.', 'one of them'],
  [['sql', '-f', 'missing.sql'], 'There is no file missing.sql.', 'readable file'],
  [['sql', 'SELECT', '1'], 'Unexpected argument: 1', 'custard sql --help'],
  [['ask', 'how many?'], 'There is no database to ask yet.', '--db postgres://user@host/database'],
  [
    ['ask', 'x', '--db', 'sqlite:x', '--api-url', 'http://x'],
    '--db and --api-url exclude each other.',
    'Custard server',
  ],
  [
    ['ask', 'x', '--api-url', 'ftp://x'],
    "The server's address in the command line is not an http(s) address.",
    'https://',
  ],
  [['connections', 'create', 'x'], '--kind is missing.', 'custard connections create --help'],
])('%j', async (args, message, hint) => {
  await using sandbox = await createSandbox();
  const error = await usageError(args, sandbox);
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});

test('help: for the root, a topic, a command; by word and by flag; on standard output', async () => {
  await using sandbox = await createSandbox();
  const root = await runCommand([], sandbox);
  expect(root).toMatchObject({ status: 0, stderr: '' });
  for (const name of ['ask', 'sql', 'doctor', 'demo', 'connections', 'schema'])
    expect(root.stdout).toMatch(`\n  ${name} `);
  const topic = await runCommand(['help', 'connections'], sandbox);
  expect(topic.stdout).toMatch('connections create');
  const command = await runCommand(['sql', '-h'], sandbox);
  expect(command.stdout).toMatch('custard sql [STATEMENT]');
  expect(await runCommand(['help', 'sql'], sandbox)).toEqual(command);
});

test('the flag stands above the environment, that above the project file, that above the user file', async () => {
  await using sandbox = await createSandbox();
  await mkdir(join(sandbox.directory, 'home/.config/custard'), { recursive: true });
  await using server = await startFakeControlPlane({ 'POST /api/v1/query': streaming(resultText(RESULT)) });
  const userFile = join(sandbox.directory, 'home/.config/custard/config.toml');
  const asked = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { status, stderr } = await runCommand(['sql', 'SELECT 1', ...args], {
      ...sandbox,
      env: { ...sandbox.env, ...env },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { body, authorization } = server.requests.at(-1) ?? {};
    return { ...(body as { connection_id: string; max_rows: number }), authorization };
  };
  await writeFile(userFile, `api_url = "${server.url}/"\ntoken = "t-user"\nconnection = "user"\nmax_rows = 1\n`, {
    mode: 0o600,
  });
  expect(await asked([])).toMatchObject({ connection_id: 'user', max_rows: 1, authorization: 'Bearer t-user' });
  await writeFile(join(sandbox.directory, '.custard.toml'), 'connection = "project"\nmax_rows = 2\n');
  expect(await asked([])).toMatchObject({ connection_id: 'project', max_rows: 2 });
  const env = { CUSTARD_CONNECTION: 'env', CUSTARD_MAX_ROWS: '3', CUSTARD_TOKEN: 't-env' };
  expect(await asked([], env)).toMatchObject({ connection_id: 'env', max_rows: 3, authorization: 'Bearer t-env' });
  expect(await asked(['-c', 'flag', '--max-rows', '4'], env)).toMatchObject({ connection_id: 'flag', max_rows: 4 });
  expect(await asked([], { CUSTARD_CONNECTION: '' })).toMatchObject({ connection_id: 'project' });
});

test.each([
  ['api_url = "http://evil"', 'sets "api_url", which a project\'s file may never do'],
  ['token = "x"', 'sets "token", which a project\'s file may never do'],
  ['conection = "x"', 'sets "conection", which is no setting'],
  ['connection = 5', '"connection" has to be text'],
  ['connection = ', 'is not valid TOML (line 1'],
])('a project file with %s is refused by name', async (text, message) => {
  await using sandbox = await createSandbox({ CUSTARD_API_URL: 'http://127.0.0.1:9' });
  await writeFile(join(sandbox.directory, '.custard.toml'), text);
  const { status, stderr } = await runCommand(['ask', 'x'], sandbox);
  expect(status).toBe(2);
  expect(stderr).toMatch(`${join(sandbox.directory, '.custard.toml')} ${message}`.replace('toml "', 'toml: "'));
  expect(stderr).toMatch('(CONFIG_INVALID)');
});

test('a token in a file that others may read is refused', async () => {
  await using sandbox = await createSandbox();
  const folder = join(sandbox.directory, 'home/.config/custard');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.toml'), 'token = "x"\n');
  await chmod(join(folder, 'config.toml'), 0o644);
  const { status, stderr } = await runCommand(['ask', 'x'], sandbox);
  expect(status).toBe(2);
  expect(stderr).toMatch('chmod 600');
});

test('question and statement from standard input, and only for "-"', async () => {
  await using server = await startFakeControlPlane({
    'POST /api/v1/query': streaming(resultText({ ...RESULT, answer: 'One.' })),
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url, CUSTARD_CONNECTION: 'shop' });
  expect(await runCommand(['ask', '-'], sandbox, 'how many?\n')).toEqual({ status: 0, stdout: 'One.\n', stderr: '' });
  expect(server.requests.at(-1)?.body).toMatchObject({ question: 'how many?' });
  await runCommand(['sql', '-'], sandbox, 'SELECT 1 -- ü\n');
  expect(server.requests.at(-1)?.body).toMatchObject({ sql: 'SELECT 1 -- ü\n' });
  await runCommand(['ask', 'how', 'many', 'orders'], sandbox, 'ignored');
  expect(server.requests.at(-1)?.body).toMatchObject({ question: 'how many orders' });
});

test('--sql-only prints the statement and nothing else', async () => {
  const sql = 'SELECT count(*)\nFROM orders';
  await using server = await startFakeControlPlane({
    'POST /api/v1/query': streaming(
      resultText({ columns: [], rows: [], answer: 'x', sql }).replace(/.*"columns".*\n|.*"answer".*\n/g, ''),
    ),
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url, CUSTARD_CONNECTION: 'shop' });
  expect(await runCommand(['ask', 'how many?', '--sql-only'], sandbox)).toEqual({
    status: 0,
    stdout: `${sql}\n`,
    stderr: '',
  });
  expect(server.requests.at(-1)?.body).toMatchObject({ dry_run: true });
});

test('an answer: its sentence first, then its rows', async () => {
  const rows = [
    ['Rock', 1297],
    ['Jazz', 130],
  ];
  const columns = [
    { name: 'genre', type: 'text', kind: 'text' as const },
    { name: 'n', type: 'int8', kind: 'integer' as const },
  ];
  await using server = await startFakeControlPlane({
    'POST /api/v1/query': streaming(resultText({ columns, rows, answer: 'Rock has most.' })),
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url, CUSTARD_CONNECTION: 'shop' });
  const { stdout } = await runCommand(['ask', 'tracks per genre'], sandbox);
  expect(stdout).toBe('Rock has most.\n\ngenre │    n\n──────┼─────\nRock  │ 1297\nJazz  │  130\n');
  expect((await runCommand(['ask', 'x', '-o', 'csv'], sandbox)).stdout).toBe('genre,n\nRock,1297\nJazz,130\n');
});

test('without a connection the only one is asked; with several, their names are told', async () => {
  let connections = [CONNECTION];
  await using server = await startFakeControlPlane({
    'GET /api/v1/connections': (response, request) => json({ connections })(response, request),
    'POST /api/v1/query': streaming(resultText(RESULT)),
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url });
  await runCommand(['sql', 'SELECT 1'], sandbox);
  expect(server.requests.at(-1)?.body).toMatchObject({ connection_id: 'con_1' });
  connections = [CONNECTION, { ...CONNECTION, id: 'con_2', name: 'logs' }];
  const { status, stderr } = await runCommand(['sql', 'SELECT 1'], sandbox);
  expect(status).toBe(2);
  expect(stderr).toMatch('-c or CUSTARD_CONNECTION: shop, logs.');
});

test('connections: list, show, create with its command, delete only with a yes', async () => {
  await using server = await startFakeControlPlane({
    'GET /api/v1/connections': json({ connections: [CONNECTION] }),
    'POST /api/v1/connections': json({ ...CONNECTION, status: 'PENDING', api_key: 'custard_secret' }, 201),
    'DELETE /api/v1/connections/con_1': json({}),
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url });
  const list = await runCommand(['connections', 'list'], sandbox);
  expect(list.stdout).toMatch(/^name │ kind {5}│ status/);
  expect(list.stdout).toMatch('\nshop │ postgres │ CONNECTED');
  const created = await runCommand(['connections', 'create', 'shop', '--kind', 'postgres'], sandbox);
  expect(server.requests.at(-1)?.body).toEqual({ name: 'shop', db_type: 'POSTGRESQL' });
  expect(created.stdout).toBe(
    `BACKEND_WEBSOCKET_URI=${server.url.replace('http', 'ws')}/api/v1/connections/ws/agt_1 \\\nCONNECTION_ID=con_1 \\\nAGENT_ID=agt_1 \\\nCUSTARD_API_KEY=custard_secret \\\nDB_HOST='<host>' \\\nDB_PORT=5432 \\\nDB_NAME='<database>' \\\nDB_USER='<read-only user>' \\\nDB_PASSWORD='<password>' \\\nDB_SSLMODE=prefer \\\ncustard agent run\n`,
  );
  const unsure = await runCommand(['connections', 'delete', 'shop'], sandbox);
  expect(unsure).toMatchObject({ status: 2, stdout: '' });
  expect(unsure.stderr).toMatch('Give --yes.');
  expect(server.requests.some(({ method }) => method === 'DELETE')).toBe(false);
  expect((await runCommand(['connections', 'delete', 'shop', '-y'], sandbox)).status).toBe(0);
  expect(server.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/v1/connections/con_1' });
  const wrong = await runCommand(['connections', 'show', 'shpo'], sandbox);
  expect(wrong.status).toBe(6);
  expect(wrong.stderr).toMatch('Did you mean shop?');
});

test('doctor: every check with what to do, 8 when one fails', async () => {
  await using server = await startFakeControlPlane({
    'GET /ready': json({}),
    'GET /api/v1/connections': failing(401, { code: 'UNAUTHENTICATED', message: 'This token is not valid.' }),
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url, CUSTARD_TOKEN: 'wrong' });
  const { status, stdout } = await runCommand(['doctor', '--json'], sandbox);
  expect(status).toBe(8);
  const { data } = JSON.parse(stdout);
  expect(data.healthy).toBe(false);
  expect(data.checks.map(({ check, status }: { check: string; status: string }) => `${check} ${status}`)).toEqual([
    'node ok',
    'configuration ok',
    'data folder ok',
    'server ok',
    'token fail',
  ]);
  await using bare = await createSandbox();
  const text = await runCommand(['doctor'], bare);
  expect(text.status).toBe(0);
  expect(text.stdout).toMatch('! warn configuration: neither a server nor a database is named');
});
