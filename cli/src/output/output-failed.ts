import { CustardError } from '#core/errors.ts';

/** What keeps output from being written, said in words; `path` where it was to be a file. */
export function outputFailed(cause: NodeJS.ErrnoException, path?: string): CustardError {
  const where = path === undefined ? 'the output' : path;
  return new CustardError('OUTPUT_FAILED', `Cannot write ${where}: ${REASONS[cause.code ?? ''] ?? cause.message}.`, {
    hint: path === undefined ? 'Check where the output goes.' : 'Choose another file with --out.',
    cause,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota is used up',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
};
