import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { AgentCommands, PASSWORD } from './agent-commands.ts';
import { AgentProcess } from './agent-process.ts';
import { parseComposeFile } from './compose-file.ts';
import type { ComposeStack } from './compose-stack.ts';
import { Composed } from './composed.ts';
import { parseManifests } from './kubernetes.ts';
import { run } from './podman.ts';

/** What `custard connections create --target …` prints is what runs, against a stack that is up. */
export function agentCommandSuite(stackOf: () => ComposeStack): void {
  describe('the printed agent command', () => {
    let commands: AgentCommands;
    beforeAll(async () => {
      commands = await AgentCommands.create(stackOf());
    });
    afterAll(() => commands?.[Symbol.dispose]());

    it('for a shell', async () => {
      const text = await commands.printed('shell');
      const agent = new AgentProcess(['sh', '-c', text], { env: commands.env, cwd: commands.folder });
      await agent.connected();
      await commands.answers('shell');
      await agent.stop();
    });

    it('for Docker', async () => {
      const { podman } = commands.stack;
      await commands.paste(await commands.printed('docker'));
      const container = 'custard-agent-t-docker-postgres';
      await podman.until('linked', container, () => podman.isHealthy(container));
      await commands.answers('docker');
      expect(await podman.run(['inspect', container])).not.toMatch(/custard_\w{36}|p@ss/);
      await podman.run(['rm', '--force', '--time', '10', container]);
    });

    it('for Compose', async () => {
      const { podman } = commands.stack;
      const text = await commands.printed('compose');
      const setUp = text.slice(text.indexOf('# The secrets'), text.indexOf('services:')).split('\n');
      await commands.paste(
        setUp
          .filter((line) => line.startsWith('#   '))
          .map((line) => line.slice(4))
          .join('\n'),
      );
      const composed = new Composed({ podman, file: parseComposeFile(text), folder: commands.folder });
      await composed.up();
      await commands.answers('compose');
      await podman.run(['rm', '--force', '--time', '10', composed.container('custard-agent-t-compose-postgres')]);
    });

    it('for Kubernetes', async () => {
      const { podman } = commands.stack;
      const { secret, deployment } = parseManifests(await commands.printed('k8s'));
      expect(secret.stringData['db-password']).toBe(PASSWORD);
      const file = join(commands.folder, 'agent.yaml');
      writeFileSync(file, stringify(withFilesAsKubelet({ secret, deployment }, join(commands.folder, 'secrets'))));
      await podman.run(['kube', 'play', '--network', 'host', file]);
      const container = `${deployment.metadata.name}-pod-0-agent`;
      const [{ readinessProbe }] = deployment.spec.template.spec.containers;
      const isReady = async () => (await podman.try(['exec', container, ...readinessProbe.exec.command])).code === 0;
      await podman.until('ready', container, isReady);
      await commands.answers('k8s');
      await podman.run(['kube', 'down', file]);
    });

    it('for systemd', async () => {
      const [environment = '', unit = ''] = (await commands.printed('systemd')).split(/\n\n(?=# \/etc\/systemd)/);
      const path = join(commands.folder, 'custard-agent-t-systemd.service');
      writeFileSync(path, unit);
      const verified = await run('systemd-analyze', ['verify', '--man=no', path], {
        env: process.env,
        limitMs: 30_000,
      });
      expect(verified).toMatchObject({ code: 0, stderr: '' });
      const [program = '', ...args] = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? [];
      const env: NodeJS.ProcessEnv = { ...commands.env, NODE_ENV: 'production', ...environmentFile(environment) };
      expect(env['DB_PASSWORD']).toBe(PASSWORD);
      const agent = new AgentProcess([program, ...args], { env, cwd: commands.folder });
      await agent.connected();
      await commands.answers('systemd');
      await agent.stop();
    });

    it('for a database file: read in place, and helpers that die leave nothing behind', async () => {
      const { podman } = commands.stack;
      const data = join(commands.folder, 'data');
      mkdirSync(data);
      await createDuckDb(join(data, 'zoo.duckdb'));
      const known = { '<folder of the file>': data, '<name of the file>': 'zoo.duckdb' };
      await commands.paste(await commands.printed('docker', { kind: 'duckdb', known }));
      const container = 'custard-agent-t-docker-duckdb';
      await podman.until('linked', container, () => podman.isHealthy(container));
      const counting = ['sql', '-c', 't-docker-duckdb', 'SELECT count(*) AS n FROM animals', '-o', 'csv'];
      expect(await commands.stack.custard(counting)).toMatchObject({ stdout: 'n\n3\n' });
      // The guard's parser is a process of its own; it is killed, and another takes over.
      const { stdout } = await podman.evaluate(
        container,
        `${CHILDREN} for (const { pid } of children) process.kill(pid, 'SIGKILL'); console.log(children.length);`,
      );
      expect(Number(stdout)).toBeGreaterThan(0);
      expect(await commands.stack.custard(counting)).toMatchObject({ stdout: 'n\n3\n' });
      const after = await podman.evaluate(
        container,
        `${CHILDREN} console.log(children.filter(({ state }) => state === 'Z').length);`,
      );
      expect(after.stdout.trim()).toBe('0');
      await podman.run(['rm', '--force', '--time', '10', container]);
    });

    it('for Snowflake: the key file is where the agent looks for it', async () => {
      const { podman } = commands.stack;
      writeFileSync(join(commands.folder, 'rsa_key.p8'), 'the key');
      const known = {
        '<account>': 'none',
        '<schema>': 's',
        '<warehouse>': 'w',
        '<role>': 'r',
        '<path of the key file>': 'rsa_key.p8',
      };
      const text = await commands.printed('docker', { kind: 'snowflake', known });
      // There is no such account to dial: the container is made as printed, and looked into.
      await commands.paste(text.replace('docker run \\\n  --detach ', 'docker create '));
      const container = 'custard-agent-t-docker-snowflake';
      const name = await podman.run(['inspect', '--format', '{{range .Config.Env}}{{println .}}{{end}}', container]);
      const [, path = ''] = /SNOWFLAKE_PRIVATE_KEY_FILE=(.*)/.exec(name) ?? [];
      const mounts: { Source: string; Destination: string }[] = JSON.parse(
        await podman.run(['inspect', '--format', '{{json .Mounts}}', container]),
      );
      const source = mounts.find(({ Destination }) => Destination === path)?.Source ?? 'nowhere';
      expect(readFileSync(source, 'utf8')).toBe('the key');
      await podman.run(['rm', '--force', container]);
    });
  });
}

/**
 * Podman 4.3 neither knows stringData nor decodes data: the secret's files are made here, with owner and mode as
 * the kubelet gives them by fsGroup and defaultMode.
 */
function withFilesAsKubelet({ secret, deployment }: ReturnType<typeof parseManifests>, folder: string): object {
  const manifest = structuredClone(deployment);
  const { volumes, securityContext } = manifest.spec.template.spec;
  mkdirSync(folder, { mode: 0o755 });
  const mounted = volumes.map((volume) => {
    if (!('secret' in volume)) return volume;
    for (const [name, value] of Object.entries(secret.stringData)) {
      writeFileSync(join(folder, name), value);
      chmodSync(join(folder, name), volume.secret.defaultMode);
      chownSync(join(folder, name), 0, securityContext.fsGroup);
    }
    return { name: volume.name, hostPath: { path: folder, type: 'Directory' } };
  });
  const pod = { ...manifest.spec.template.spec, volumes: mounted };
  return { ...manifest, spec: { ...manifest.spec, template: { ...manifest.spec.template, spec: pod } } };
}

/** As systemd.exec(5) says of EnvironmentFile=: comments, and values in double quotes. */
function environmentFile(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  const entries = lines.map((line) => {
    const [, name = '', value = ''] = /^(\w+)="(.*)"$/.exec(line) ?? [];
    return [name, value.replaceAll(/\\(["\\`$])/g, '$1')];
  });
  return Object.fromEntries(entries);
}

async function createDuckDb(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("CREATE TABLE animals AS SELECT * FROM (VALUES ('ant'), ('bee'), ('cat')) t(name)");
  connection.closeSync();
  instance.closeSync();
}

/** Of the agent, inside its container: /proc/PID/stat has the state and the parent after the name. */
const CHILDREN = `const children = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).flatMap((pid) => {
  try {
    const [state, parent] = fs.readFileSync('/proc/' + pid + '/stat', 'latin1').split(') ')[1].split(' ');
    return parent === '1' ? [{ pid: Number(pid), state }] : [];
  } catch { return []; }
});`;
