import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { agentCommandSuite } from './support/agent-command-suite.ts';
import { parseComposeFile } from './support/compose-file.ts';
import { COMPOSE_FILE, ComposeStack } from './support/compose-stack.ts';
import { LOOK_AROUND, Surroundings } from './support/look-around.ts';
import { BUILD_LIMIT_MS, Podman } from './support/podman.ts';
import { Program } from './support/programs.ts';

const QUESTION = 'how many orders were placed last month?';
const MIB = 1024 * 1024;
/** A little above what they are; docs/containers.md says what that is. */
const IMAGES = [
  ['custard-agent', 330 * MIB],
  ['custard-control-plane', 290 * MIB],
] as const;

// Containers start and stop in seconds; what they wait for has a limit of its own, below this one.
vi.setConfig({ testTimeout: 150_000 });

let podman: Podman;
let stack: ComposeStack;

beforeAll(async () => {
  podman = await Podman.withImages();
  stack = await ComposeStack.up(podman);
}, BUILD_LIMIT_MS);

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await podman?.[Symbol.asyncDispose]();
}, 120_000);

const SERVICES = ['control-plane', 'agent'] as const;
const containerOf = (service: (typeof SERVICES)[number]): string => stack.composed.container(service);

describe('the images', () => {
  it.each(IMAGES)('%s is no larger than it has to be', async (name, limit) => {
    const size = Number(
      await podman.run(['image', 'inspect', '--format', '{{.Size}}', `${name}:${packageJson.version}`]),
    );
    console.info(`${name}: ${(size / MIB).toFixed(0)} MiB`);
    expect(size).toBeLessThan(limit);
  });

  it('are named by this version wherever they are named', () => {
    for (const file of ['compose.yaml', 'Dockerfile', 'docs/containers.md', 'README.md']) {
      const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
      const tags = [...text.matchAll(/custard-(?:agent|control-plane):(\d[\w.-]*)|version="([^"]+)"/g)];
      for (const [, tag, label] of tags) expect(tag ?? label, file).toBe(packageJson.version);
    }
  });

  it.each(SERVICES)('%s: nothing to run but Node, nobody to be but its user, nothing to write to', async (service) => {
    const { stdout } = await podman.evaluate(containerOf(service), LOOK_AROUND);
    const found = Surroundings.parse(JSON.parse(stdout));
    expect(found).toMatchObject({ uid: 65_532, gid: 65_532, capabilities: 0, newPrivileges: false });
    expect(found.programs).toEqual(['node']);
    expect(found.writable).toEqual(service === 'agent' ? ['/tmp'] : ['/run/custard/token', '/tmp', '/var/lib/custard']);
  });

  it.each(['--read-only', '--read-only=false'])('run as any user, known to the system or not: %s', async (option) => {
    // OpenShift gives each project users of its own; started without settings, the agent says what it wants.
    const started = await podman.try([
      'run',
      '--rm',
      '--no-healthcheck',
      option,
      '--user',
      '12345:0',
      `custard-agent:${packageJson.version}`,
    ]);
    expect(started).toMatchObject({ code: 2, stderr: expect.stringContaining('(CONFIG_INVALID)') });
  });

  it("own the folders that compose.yaml puts their volumes on, as Docker takes a volume's owner from there", async () => {
    const { services } = parseComposeFile(readFileSync(COMPOSE_FILE, 'utf8'));
    for (const { image, volumes } of Object.values(services)) {
      if (!image.startsWith('custard-')) continue;
      const folders = volumes.map((volume) => volume.split(':')[1]);
      const script = `console.log(JSON.stringify(${JSON.stringify(folders)}.map((path) => fs.statSync(path).uid)))`;
      const node = JSON.stringify(['/usr/local/bin/node', '-e', script]);
      const owners = JSON.parse(await podman.run(['run', '--rm', '--no-healthcheck', '--entrypoint', node, image]));
      expect(owners, image).toEqual(folders.map(() => 65_532));
    }
  });

  it('hold the packages that their program loads, and those only', async () => {
    const has = async (service: (typeof SERVICES)[number], names: readonly string[]) => {
      const script = `process.stdout.write(JSON.stringify(${JSON.stringify(names)}.filter((name) => fs.existsSync("/app/node_modules/" + name))))`;
      return JSON.parse((await podman.evaluate(containerOf(service), script)).stdout);
    };
    const drivers = ['pg', 'mysql2', 'mongodb', 'snowflake-sdk', '@duckdb/node-api'];
    expect(await has('agent', [...drivers, 'koa', 'knex', 'openai', 'typescript'])).toEqual(drivers);
    expect(await has('control-plane', [...drivers, 'koa', 'knex', 'openai', 'typescript'])).toEqual([
      'pg',
      '@duckdb/node-api',
      'koa',
      'knex',
      'openai',
    ]);
  });

  it('load every driver that the agent may need', async () => {
    const script =
      'for (const name of ["pg", "mysql2", "mongodb", "snowflake-sdk", "@duckdb/node-api"]) await import(name)';
    const loading = ['exec', containerOf('agent'), '/usr/local/bin/node', '--input-type=module', '-e', script];
    expect(await podman.try(loading)).toMatchObject({ code: 0 });
  });
});

describe('compose.yaml', () => {
  it('answers a question from inside and from outside', async () => {
    const month = "date_trunc('month', now() AT TIME ZONE 'UTC')";
    const { rows } = await stack.owner.query(
      `SELECT count(*)::text AS n FROM orders WHERE ordered_at >= ${month} - interval '1 month' AND ordered_at < ${month}`,
    );
    const inside = await podman.try(stack.composed.runArguments('custard', ['ask', QUESTION, '--json']));
    expect(inside.stderr).not.toContain('error');
    expect(JSON.parse(inside.stdout).data.rows).toEqual([[rows[0].n]]);
    const outside = await stack.custard(['ask', '-c', 'shop', QUESTION, '--json']);
    expect(JSON.parse(outside.stdout).data.rows).toEqual([[rows[0].n]]);
    expect(Number(rows[0].n)).toBeGreaterThan(500);
  });

  it('publishes on this machine alone, and weak or readable secrets nowhere', async () => {
    const text = readFileSync(COMPOSE_FILE, 'utf8');
    const { services } = z
      .object({ services: z.record(z.string(), z.looseObject({})) })
      .parse(parse(text, { merge: true }));
    const ports = Object.values(services).flatMap((service) => service['ports'] ?? []);
    expect(ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:.*:8000$/)]);
    const known = await Promise.all(
      ['control-plane', 'agent'].map(async (service) => {
        const container = stack.composed.container(service);
        const { stdout, stderr } = await podman.try(['logs', container]);
        return (await podman.run(['inspect', container])) + stdout + stderr;
      }),
    );
    expect(known.join('')).not.toMatch(/custard_[0-9A-Za-z]{36}/);
    expect(known.join('')).not.toContain('DB_PASSWORD=');
  });

  it('keeps the agent from writing: its role can read the shop, and nothing else', async () => {
    const { rows } = await stack.owner.query(
      `SELECT has_table_privilege($1, 'orders', 'SELECT') AS reads, has_table_privilege($1, 'orders', 'INSERT, UPDATE, DELETE') AS writes,
        has_schema_privilege($1, 'public', 'CREATE') AS creates`,
      [stack.reader],
    );
    expect(rows).toEqual([{ reads: true, writes: false, creates: false }]);
    const { stderr } = await podman.try(['logs', containerOf('agent')]);
    expect(stderr).toMatch(/graded good|graded acceptable/);
  });

  it('can be brought up again: the demo keeps its connection and its key', async () => {
    const before = await stack.custard(['connections', 'show', 'shop', '--json']);
    const again = await podman.try(['start', '--attach', stack.composed.container('demo-shop')]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('The shop is there') });
    const after = await stack.custard(['connections', 'show', 'shop', '--json']);
    expect(JSON.parse(after.stdout).data.id).toBe(JSON.parse(before.stdout).data.id);
    expect((await stack.custard(['ask', '-c', 'shop', QUESTION])).code).toBe(0);
  });

  it('says that the control plane is well while it answers, and not while it hangs', async () => {
    const container = containerOf('control-plane');
    expect(await podman.isHealthy(container)).toBe(true);
    await podman.run(['kill', '--signal', 'STOP', container]);
    try {
      expect(await podman.isHealthy(container)).toBe(false);
    } finally {
      await podman.run(['kill', '--signal', 'CONT', container]);
    }
    await podman.until('healthy again', container, () => podman.isHealthy(container));
  });

  it('says that the agent is well while it is linked, and not while it is not', async () => {
    const agent = containerOf('agent');
    await podman.until('linked', agent, () => podman.isHealthy(agent));
    await podman.run(['stop', containerOf('control-plane')]);
    await podman.until('unhealthy', agent, async () => !(await podman.isHealthy(agent)));
    await podman.run(['start', containerOf('control-plane')]);
    await podman.until('linked again', agent, () => podman.isHealthy(agent));
    expect((await stack.custard(['ask', '-c', 'shop', QUESTION])).code).toBe(0);
  });
});

agentCommandSuite(() => stack);

describe('the end', () => {
  it('stops as it is told to: SIGTERM lets a running query finish, and ends with 0', async () => {
    const counting = 'SELECT count(*) FROM orders a, regions b, regions c, regions d WHERE a.id % 7 <> b.id + c.id';
    const query = new Program(['sql', '-c', 'shop', counting], stack.clientEnv);
    await podman.until('running', containerOf('agent'), () => isRunning('%regions d%'));
    await podman.run(['stop', containerOf('agent')]);
    expect(await query.finished()).toMatchObject({ code: 0 });
    expect(await exitCode(containerOf('agent'))).toBe(0);
    await podman.run(['stop', containerOf('control-plane')]);
    expect(await exitCode(containerOf('control-plane'))).toBe(0);
  });
});

async function isRunning(pattern: string): Promise<boolean> {
  const { rows } = await stack.owner.query(
    "SELECT FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE $2",
    [stack.database, pattern],
  );
  return rows.length > 0;
}

const exitCode = async (container: string): Promise<number> =>
  Number(await podman.run(['inspect', '--format', '{{.State.ExitCode}}', container]));
