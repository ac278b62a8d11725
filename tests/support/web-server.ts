import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Outbox } from '#control-plane/test-support/outbox.ts';
import { Program } from './programs.ts';

const Body = z.record(z.string(), z.any());

interface Asked {
  readonly body?: unknown;
  /** An access token or an API token. */
  readonly as?: string;
}

/** `custard server start` with nothing configured, as somebody would who tries it: SQLite, mails in a folder. */
export class WebServer implements AsyncDisposable {
  readonly origin: string;
  readonly outbox: Outbox;
  readonly #program: Program;
  readonly #home: string;

  private constructor(program: Program, origin: string, home: string) {
    this.#program = program;
    this.origin = origin;
    this.#home = home;
    this.outbox = new Outbox(join(home, 'data', 'outbox'));
  }

  static async start(): Promise<WebServer> {
    const home = mkdtempSync(join(tmpdir(), 'custard-web-'));
    const env = { PATH: process.env['PATH'], HOME: home, CUSTARD_DATA_DIR: join(home, 'data'), PORT: '0' };
    const program = new Program(['server', 'start'], env);
    const origin = await program.until('the address', (output) => /^(http:\/\/127\.0\.0\.1:\d+)$/m.exec(output)?.[1]);
    return new WebServer(program, origin, home);
  }

  async call(path: string, { body, as }: Asked = {}): Promise<{ status: number; body: z.infer<typeof Body> }> {
    const response = await fetch(`${this.origin}/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...(as === undefined ? {} : { authorization: `Bearer ${as}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : Body.parse(JSON.parse(text)) };
  }

  /** The link of the next mail to that address. */
  async linkFor(email: string): Promise<string> {
    const { text } = await this.outbox.next(email);
    const link = /^http\S+$/m.exec(text)?.[0];
    if (link === undefined) throw new Error(`no link in the mail: ${text}`);
    return link;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop();
    rmSync(this.#home, { recursive: true });
  }
}
