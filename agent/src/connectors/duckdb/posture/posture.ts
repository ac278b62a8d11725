import { type Posture, toPosture } from '#core/posture.ts';
import { FILE_CHECKS, factsOf, findingsOf, quoteForShell } from '../../file/file-rights.ts';

/**
 * Grades what the user that runs this may do with the files. DuckDB has no roles, and the agent opens the file read-only in
 * any case: this is about what would be left without that. The files have to be there.
 */
export async function assessFiles(paths: readonly string[]): Promise<Posture> {
  const facts = await Promise.all(paths.map(factsOf));
  const findings = facts.flatMap((one) => findingsOf(one, FILE_CHECKS));
  return toPosture(findings, facts.map(({ path }) => rightsToSet(path)).join('\n'));
}

/** For a shell, as there is no SQL for it. */
const rightsToSet = (path: string): string =>
  [
    '# DuckDB has no roles: what a program may do with a file, the rights of its user decide. Keep the file in a',
    '# folder that only its owner may write (no /tmp). As that owner, in a shell; then run the agent as another',
    "# user, of the file's group.",
    `chmod g+r,g-w,o-w ${quoteForShell(path)}`,
    '',
  ].join('\n');
