import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '#control-plane/test-support/until.ts';
import { COMMAND, type CommandResult, type Sandbox } from './run-command.ts';

interface DeviceLogin {
  readonly address: string;
  /** What has to be entered there. */
  readonly code: string;
  readonly ended: Promise<CommandResult>;
}

/** `custard login --device`, which waits to be let in. */
export async function startDeviceLogin({ directory, env }: Sandbox): Promise<DeviceLogin> {
  const child = spawn(COMMAND[0], [COMMAND[1], 'login', '--device', '--json'], { cwd: directory, env });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  }
  const ended = once(child, 'close').then(([status]) => ({ status, ...output }));
  const [, address = '', code = ''] = await until('a code', async () =>
    /^Open (\S+)\nand enter the code (\S+)\n/.exec(output.stderr),
  );
  return { address, code, ended };
}
