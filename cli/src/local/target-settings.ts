import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import type { DatabaseSettings } from '#agent/connectors/settings.ts';
import type { LocalTarget } from '../config/settings.ts';
import type { RunContext } from '../run-context.ts';
import { withEnvironmentPassword } from './environment-password.ts';
import { stageFiles } from './stage-files.ts';

/** Where the target is. Disposing of it removes what was put down to read it. */
export async function targetSettings(
  target: LocalTarget,
  context: RunContext,
): Promise<AsyncDisposable & { readonly settings: DatabaseSettings }> {
  if (target.kind === 'files') {
    const staged = await stageFiles(target.paths, context);
    return {
      settings: { dialect: 'duckdb', files: staged.files },
      [Symbol.asyncDispose]: () => staged[Symbol.asyncDispose](),
    };
  }
  const settings = withEnvironmentPassword(parseDatabaseUrl(target.databaseUrl), context.env);
  return { settings, async [Symbol.asyncDispose]() {} };
}
