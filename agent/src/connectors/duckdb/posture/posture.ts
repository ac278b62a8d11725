import { type Posture, toPosture } from '#core/posture.ts';
import { FILE_CHECKS, factsOf, findingsOf, quoteForShell } from '../../file/file-rights.ts';

/**
 * Grades what the user that runs this may do with the file. DuckDB has no roles, and the agent opens the file read-only in
 * any case: this is about what would be left without that. The file has to be there.
 */
export async function assessFile(path: string): Promise<Posture> {
  const facts = await factsOf(path);
  return toPosture(findingsOf(facts, FILE_CHECKS), rightsToSet(facts.path));
}

/** Files of data are opened to be read, once: all that matters is who else may write them. */
export async function assessDataFiles(paths: readonly string[]): Promise<Posture> {
  const facts = await Promise.all(paths.map(factsOf));
  const checks = FILE_CHECKS.filter(({ code }) => code === 'file_open_to_all');
  const open = facts.flatMap((one) => findingsOf(one, checks));
  const remedy = facts.filter(({ openToAll }) => openToAll).map(({ path }) => `chmod o-w ${quoteForShell(path)}\n`);
  return toPosture(open, ['# In a shell, as the files’ owner.\n', ...remedy].join(''));
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
