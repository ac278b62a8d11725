import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { DB_TYPES } from '#core/dialects.ts';
import { AGENT_TARGETS } from '../flags/agent-target.ts';
import { agentCommand, agentUrl } from './agent-command.ts';

const connection = { id: 'con_1', name: 'My shop', agent_id: 'agent_1', db_type: 'POSTGRESQL' } as const;
const serverUrl = new URL('https://custard.example.com/base/');
const apiKey = 'custard_0123';
const version = '1.2.3';

test.each(AGENT_TARGETS)('%s: every setting, and a placeholder for what only its user knows', (target) => {
  const command = agentCommand({ connection, apiKey, serverUrl, target, version });
  const settings = ['BACKEND_WEBSOCKET_URI', 'CONNECTION_ID', 'AGENT_ID', 'CUSTARD_API_KEY', 'DB_HOST', 'DB_PASSWORD'];
  for (const name of settings) expect(command).toContain(name);
  expect(command).toContain('wss://custard.example.com/base/api/v1/connections/ws/agent_1');
  expect(command).toContain('<password>');
  expect(command).toContain(apiKey);
  expect(agentCommand({ connection, apiKey: null, serverUrl, target, version })).toContain('<agent key>');
  expect(command.endsWith('\n')).toBe(true);
});

test.each(['docker', 'compose', 'k8s'] as const)('%s: the image of this version, and how to build it', (target) => {
  const command = agentCommand({ connection, apiKey, serverUrl, target, version });
  expect(command).toContain('docker build --target agent --tag custard-agent:1.2.3 .');
  expect(command.match(/custard-agent:[\w.]+/g)).toEqual(['custard-agent:1.2.3', 'custard-agent:1.2.3']);
  expect(command).not.toContain('network');
});

test('docker: no secret among the arguments, and a folder that keeps others out', () => {
  const command = agentCommand({ connection, apiKey, serverUrl, target: 'docker', version });
  const run = command.slice(command.indexOf('docker run'));
  expect(run).not.toMatch(/custard_0123|<password>/);
  expect(run).toContain('--env CUSTARD_API_KEY_FILE=/run/custard/secrets/api-key');
  expect(run).toContain('--volume "$PWD/custard-agent-my-shop/api-key:/run/custard/secrets/api-key:ro"');
  expect(command).toContain('chmod 700 custard-agent-my-shop');
});

test("a control plane on this machine: the container shares the machine's network", () => {
  for (const address of ['http://127.0.0.1:8000', 'http://localhost:8000', 'http://[::1]:8000']) {
    const options = { connection, apiKey, serverUrl: new URL(address), version };
    expect(agentCommand({ ...options, target: 'docker' })).toContain('--network host');
    expect(agentCommand({ ...options, target: 'compose' })).toContain('network_mode: host');
    expect(agentCommand({ ...options, target: 'k8s' })).toContain('put an address that the cluster reaches');
  }
});

test.each(DB_TYPES)('%s: YAML that is YAML, and a placeholder or a mount for every file', (db_type) => {
  const options = { connection: { ...connection, db_type }, apiKey, serverUrl, version };
  expect(Object.keys(parse(agentCommand({ ...options, target: 'compose' })))).toEqual(['services']);
  const documents = parseAllDocuments(agentCommand({ ...options, target: 'k8s' }));
  expect(documents.map((document) => [document.errors, document.toJS().kind])).toEqual([
    [[], 'Secret'],
    [[], 'Deployment'],
  ]);
  for (const target of ['docker', 'compose'] as const) {
    const command = agentCommand({ ...options, target });
    for (const [path, file] of command.matchAll(/\/(?:run\/custard\/secrets|data)\/([\w.-]+|<name of the file>)/g)) {
      const mounted = path.startsWith('/data/') ? ':/data:ro' : `/${file}:/run/custard/secrets/${file}:ro`;
      expect(command).toContain(mounted);
    }
  }
});

test('names that Docker, systemd and Kubernetes all take', () => {
  for (const name of ['A.b_C', `${'long-'.repeat(12)}xyz`, 'trailing.']) {
    const command = agentCommand({ connection: { ...connection, name }, apiKey, serverUrl, target: 'k8s', version });
    const names = [...command.matchAll(/^ {2}name: (.*)$/gm)].map(([, found]) => found);
    expect(names).toHaveLength(2);
    for (const found of names) expect(found).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  }
});

test('what a shell makes of the shell command is what was meant', () => {
  const command = agentCommand({ connection, apiKey: null, serverUrl, target: 'shell', version });
  const printing = command.replace(
    'custard agent run',
    'sh -c \'printf "%s|" "$CUSTARD_API_KEY" "$DB_USER" "$DB_PORT"\'',
  );
  expect(spawnSync('sh', ['-c', printing], { encoding: 'utf8' }).stdout).toBe('<agent key>|<read-only user>|5432|');
});

test('plain http becomes ws', () => {
  expect(agentUrl(new URL('http://127.0.0.1:8000'), 'a/b')).toBe('ws://127.0.0.1:8000/api/v1/connections/ws/a%2Fb');
});
