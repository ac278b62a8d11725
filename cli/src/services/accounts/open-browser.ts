import { spawn } from 'node:child_process';
import type { Environment } from '../../config/directories.ts';

/** What opens a page on this machine; null where there is no screen. */
function opener(env: Environment): readonly string[] | null {
  if (env['BROWSER']) return [env['BROWSER']];
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open'] : null;
}

/** Opens a page without waiting for it; whether one could be opened is seen by who sits there. */
export function openBrowser(address: string, env: Environment): void {
  const [program, ...args] = opener(env) ?? [];
  // A server could name anything that the system opens by its scheme
  if (program === undefined || !/^https?:$/.test(new URL(address).protocol)) return;
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined); // the address stands on the terminal
  child.unref();
}
