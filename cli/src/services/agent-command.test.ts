import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { AGENT_TARGETS } from '../flags/agent-target.ts';
import { agentCommand, agentUrl } from './agent-command.ts';

const connection = { id: 'con_1', name: 'My shop', agent_id: 'agent_1', db_type: 'POSTGRESQL' } as const;
const serverUrl = new URL('https://custard.example.com/base/');
const apiKey = 'custard_0123';

test.each(AGENT_TARGETS)('%s: every setting, and a placeholder for what only its user knows', (target) => {
  const command = agentCommand({ connection, apiKey, serverUrl, target });
  const settings = ['BACKEND_WEBSOCKET_URI', 'CONNECTION_ID', 'AGENT_ID', 'CUSTARD_API_KEY', 'DB_HOST', 'DB_PASSWORD'];
  for (const name of settings) expect(command).toContain(name);
  expect(command).toContain('wss://custard.example.com/base/api/v1/connections/ws/agent_1');
  expect(command).toContain('<password>');
  expect(agentCommand({ connection, apiKey: null, serverUrl, target })).toContain("<the agent's key>".slice(0, 10));
  expect(command.endsWith('\n')).toBe(true);
});

test('what a shell makes of the shell command is what was meant', () => {
  const command = agentCommand({ connection, apiKey: null, serverUrl, target: 'shell' });
  const printing = command.replace(
    'custard agent run',
    'sh -c \'printf "%s|" "$CUSTARD_API_KEY" "$DB_USER" "$DB_PORT"\'',
  );
  expect(spawnSync('sh', ['-c', printing], { encoding: 'utf8' }).stdout).toBe(
    "<the agent's key>|<read-only user>|5432|",
  );
});

test('plain http becomes ws', () => {
  expect(agentUrl(new URL('http://127.0.0.1:8000'), 'a/b')).toBe('ws://127.0.0.1:8000/api/v1/connections/ws/a%2Fb');
});
