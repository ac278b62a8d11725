import type { Posture } from '#core/posture.ts';
import type { LocalTarget } from '../config/settings.ts';
import type { RunContext } from '../run-context.ts';
import { openTarget } from './open-target.ts';
import { targetSettings } from './target-settings.ts';

const PING_MS = 5_000;
const POSTURE_MS = 15_000;

interface CheckedDatabase {
  readonly dialect: string;
  readonly version: string;
  readonly posture: Posture;
}

/** What answers at a database URL or is in files of data, and what the role there is worth. Throws as connectors do. */
export async function checkDatabase(options: {
  readonly target: LocalTarget;
  readonly context: RunContext;
  readonly signal: AbortSignal;
}): Promise<CheckedDatabase> {
  const within = (ms: number) => ({ signal: AbortSignal.any([options.signal, AbortSignal.timeout(ms)]) });
  await using input = await targetSettings(options.target, options.context);
  const { connector } = await openTarget(input.settings);
  try {
    const { version } = await connector.ping(within(PING_MS));
    return { dialect: connector.dialect, version, posture: await connector.posture(within(POSTURE_MS)) };
  } finally {
    await connector.close();
  }
}
