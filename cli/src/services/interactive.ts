import type { Session } from './session.ts';

/** Whether somebody is there to answer: a terminal both ways, and neither CI nor --no-input nor --json. */
export function isInteractive({ context, flags }: Session): boolean {
  const { stdin, stderr, env } = context;
  return stdin.isTTY === true && stderr.isTTY === true && !env['CI'] && !flags['no-input'] && !flags.json;
}
