import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

interface TestKeyring extends AsyncDisposable {
  /** What a program needs to find it. */
  readonly env: NodeJS.ProcessEnv;
}

/** A real GNOME Keyring, unlocked, on a bus of its own. */
export async function startKeyring(): Promise<TestKeyring> {
  const program = process.env['CUSTARD_TEST_KEYRING'];
  if (program === undefined)
    throw new Error(
      'No keyring to test with: run ./scripts/test, or set CUSTARD_TEST_KEYRING to gnome-keyring-daemon.',
    );
  const home = mkdtempSync(join(tmpdir(), 'custard-keyring-'));
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await firstLine(bus);
  const env = { HOME: home, XDG_RUNTIME_DIR: home, DBUS_SESSION_BUS_ADDRESS: address };
  const keyring = spawn(program, ['--daemonize', '--unlock', '--components=secrets'], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  keyring.stdin?.end('a password');
  // What goes on behind it ends with the bus
  await once(keyring, 'exit', { signal: AbortSignal.timeout(15_000) });
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: address, CUSTARD_KEYRING: '' },
    async [Symbol.asyncDispose]() {
      const gone = once(bus, 'exit');
      bus.kill('SIGKILL');
      await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('no standard output');
  const [line] = await once(createInterface({ input: stdout }), 'line', { signal: AbortSignal.timeout(15_000) });
  return String(line);
}
