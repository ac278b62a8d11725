import type { SecretSetting } from './settings.ts';

/**
 * Shell lines that put each secret into a file of its own in `folder`: nothing secret stands in a command's
 * arguments, its environment, or `docker inspect`. The folder keeps other users of the machine out; the files
 * themselves are readable, as the container's user is nobody the machine knows.
 */
export function secretFolder(folder: string, secrets: readonly SecretSetting[]): string[] {
  if (secrets.length === 0) return [];
  const paths = secrets.map(({ file }) => `${folder}/${file}`);
  return [
    `mkdir -p ${folder} && chmod 700 ${folder}`,
    ...secrets.flatMap((secret) =>
      secret.kind === 'secret'
        ? [`cat > ${folder}/${secret.file} <<'END'`, secret.value, 'END']
        : [`cp '${secret.value}' ${folder}/${secret.file}`],
    ),
    `chmod 644 ${paths.join(' ')}`,
  ];
}
