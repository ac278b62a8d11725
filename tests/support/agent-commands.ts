import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import type { ComposeStack } from './compose-stack.ts';
import { run } from './podman.ts';

const CUSTARD = fileURLToPath(new URL('../../cli/bin/run.js', import.meta.url));
/** Characters that shells, YAML, URLs and unit files each make something of. */
export const PASSWORD = 'p@ss #1/%n: $x {y}';

/** `custard connections create … --target …` beside a stack, as its user goes on from there. */
export class AgentCommands implements Disposable {
  readonly stack: ComposeStack;
  /** Where its user is, and whose home it is. */
  readonly folder = mkdtempSync(join(tmpdir(), 'custard-test-'));
  private constructor(stack: ComposeStack) {
    this.stack = stack;
  }

  static async create(stack: ComposeStack): Promise<AgentCommands> {
    const commands = new AgentCommands(stack);
    await stack.owner.query(`CREATE ROLE ${stack.pasted} LOGIN PASSWORD '${PASSWORD}' IN ROLE ${stack.reader}`);
    // As installed programs would be on PATH.
    await stack.podman.addProgram('docker', 'exec podman "$@"');
    await stack.podman.addProgram('custard', `exec '${process.execPath}' '${CUSTARD}' "$@"`);
    mkdirSync(join(commands.folder, 'home'));
    return commands;
  }

  /** With what its user knows in place of each `<…>`. */
  async printed(target: string, { kind = 'postgres', known = {} }: PrintOptions = {}): Promise<string> {
    const name = `t-${target}-${kind}`;
    const { code, stdout, stderr } = await this.stack.custard([
      'connections',
      'create',
      name,
      '--kind',
      kind,
      '--target',
      target,
    ]);
    if (code !== 0) throw new Error(stderr);
    const { hostname, port } = new URL(postgresUrl());
    const filled = {
      ...{
        '<host>': hostname,
        '<database>': this.stack.database,
        '<read-only user>': this.stack.pasted,
        '<password>': PASSWORD,
      },
      ...known,
    };
    const text = Object.entries(filled).reduce(
      (all, [placeholder, value]) => all.replaceAll(placeholder, value),
      stdout,
    );
    expect(text).not.toMatch(/<[a-z][a-z -]+>/);
    return text.replaceAll(/\b5432\b/g, port);
  }

  /** Where the agent of that connection answers, the number of orders in the shop. */
  async answers(target: string): Promise<void> {
    const { rows } = await this.stack.owner.query('SELECT count(*)::text AS n FROM orders');
    const counting = ['sql', '-c', `t-${target}-postgres`, 'SELECT count(*) AS n FROM orders', '-o', 'csv'];
    expect(await this.stack.custard(counting)).toMatchObject({ code: 0, stdout: `n\n${rows[0].n}\n` });
  }

  get env(): NodeJS.ProcessEnv {
    const { PATH, CONTAINERS_CONF, CONTAINERS_STORAGE_CONF } = this.stack.podman.env;
    return { PATH, CONTAINERS_CONF, CONTAINERS_STORAGE_CONF, HOME: join(this.folder, 'home') };
  }

  /** Pasted into a shell in `folder`. */
  async paste(text: string): Promise<void> {
    const { code, stderr } = await run('sh', ['-euc', text], { env: this.env, limitMs: 60_000, cwd: this.folder });
    if (code !== 0) throw new Error(`${text}\n${stderr}`);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface PrintOptions {
  readonly kind?: string;
  readonly known?: Readonly<Record<string, string>>;
}
