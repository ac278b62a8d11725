import type { Figure } from './figures.ts';
import { type Command, custard, run } from './programs.ts';
import { alternate } from './statistics.ts';

const ROUNDS = 25;
const SECTION = 'Start-up';

export async function measureStartUp(): Promise<Figure[]> {
  const timed = (command: Command) => async () => (await run(command)).elapsedMs;
  const { node, version, help } = await alternate(
    {
      node: timed([process.execPath, '-e', '0']),
      version: timed(custard('--version')),
      help: timed(custard('ask', '--help')),
    },
    ROUNDS,
  );
  const time = (name: string, value: number): Figure => ({ section: SECTION, name, value, unit: 'ms', target: null });
  return [
    time('node -e 0', node),
    time('custard --version', version),
    time('custard ask --help', help),
    {
      section: SECTION,
      name: 'custard --version ÷ node -e 0',
      value: version / node,
      unit: 'times',
      target: { atMost: 1.5 },
    },
    {
      section: SECTION,
      name: 'custard ask --help ÷ node -e 0',
      value: help / node,
      unit: 'times',
      target: { atMost: 3.5 },
    },
  ];
}
