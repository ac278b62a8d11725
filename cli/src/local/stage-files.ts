import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type DataFile, toDataFiles } from '#agent/connectors/duckdb/data-files/data-file.ts';
import { makePrivateFolder, removeFolder } from '#agent/connectors/duckdb/data-files/private-folder.ts';
import { CustardError } from '#core/errors.ts';
import type { RunContext } from '../run-context.ts';

const MAX_FILES = 200;
/** Of standard input or a pipe. A file has no limit but the disk's, as it is not copied. */
const MAX_PIPED_BYTES = 4 * 1024 * 1024 * 1024;

interface Staged extends AsyncDisposable {
  readonly files: readonly DataFile[];
}

/** The files that were named, each once. What can be read only once is put into a folder of ours, and removed with it. */
export async function stageFiles(paths: readonly string[], context: RunContext): Promise<Staged> {
  const named = [...new Map(paths.map((path) => [path === '-' ? path : resolve(context.directory, path), path]))];
  if (named.length > MAX_FILES) {
    throw new CustardError('USAGE', `These are ${named.length} files; ${MAX_FILES} can be asked at once.`, {
      hint: 'Put files of the same columns into one: cat, or DuckDB, does it.',
    });
  }
  const statement = paths.find((path) => /\.sql$/i.test(path));
  if (statement !== undefined) {
    throw new CustardError('USAGE', `--file names data, and ${statement} looks like a statement.`, {
      hint: 'A file with a statement is read with -f.',
    });
  }
  let folder: string | null = null;
  const remove = async (): Promise<void> => {
    if (folder !== null) await removeFolder(folder);
  };
  try {
    const inputs: { path: string; label: string; name?: string }[] = [];
    for (const [index, [path, label]] of named.entries()) {
      if (label !== '-' && !(await isPipe(path))) inputs.push({ path, label });
      else {
        folder ??= makePrivateFolder();
        inputs.push(await staged(label === '-' ? null : path, { target: join(folder, String(index)), context }));
      }
    }
    return { files: toDataFiles(inputs), [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** As the shell makes of `<(…)`. */
async function isPipe(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFIFO() ?? false;
}

interface StageOptions {
  readonly target: string;
  readonly context: RunContext;
}

async function staged(
  path: string | null,
  { target, context }: StageOptions,
): Promise<{ readonly path: string; readonly label: string; readonly name: string }> {
  const { signal } = context.interruption;
  const label = path === null ? 'standard input' : basename(path);
  let bytes = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > MAX_PIPED_BYTES ? tooMuch(label) : null, chunk);
    },
  });
  const source = path === null ? context.stdin : createReadStream(path);
  await pipeline(source, bounded, createWriteStream(target, { flags: 'wx', mode: 0o600 }), { signal }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw error;
    },
  );
  return { path: target, label, name: path === null ? 'stdin' : 'pipe' };
}

const tooMuch = (label: string): CustardError =>
  new CustardError('FILE_UNREADABLE', `There is more on ${label} than ${MAX_PIPED_BYTES / 1024 ** 3} GiB.`, {
    hint: 'Save it to a file, and name that.',
  });
