import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where Custard keeps its things, by the XDG Base Directory rules (relative values are to be ignored). */
export function directories(env: Environment) {
  const home = env['HOME'] || homedir();
  const base = (name: string, fallback: string): string => {
    const value = env[name];
    return join(value !== undefined && isAbsolute(value) ? value : join(home, fallback), 'custard');
  };
  return {
    config: base('XDG_CONFIG_HOME', '.config'),
    data: base('XDG_DATA_HOME', '.local/share'),
    state: base('XDG_STATE_HOME', '.local/state'),
  };
}
