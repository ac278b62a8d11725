import { createWriteStream } from 'node:fs';
import { stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DataFile } from './data-file.ts';
import { readBytes, readHead, type TextSource } from './read-text.ts';
import { UnreadableFile } from './unreadable.ts';

export type DataFormat = 'delimited' | 'json' | 'parquet';

/** A file that was looked at and can be read. */
export interface Input extends TextSource {
  readonly file: DataFile;
  /** A name of ours for it: DuckDB takes `*`, `?` and `[` of a path for a pattern and `http:` for an address. */
  readonly path: string;
  readonly format: DataFormat;
  /** The beginning, unpacked and in UTF-8; of Parquet, as it is. */
  readonly head: Buffer;
  readonly bytes: number;
}

const HEAD_BYTES = 1024 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);
const BOM = { utf8: Buffer.from([0xef, 0xbb, 0xbf]), le: Buffer.from([0xff, 0xfe]), be: Buffer.from([0xfe, 0xff]) };

/** What else may be behind a name, by its first bytes. */
const OTHERS: readonly (readonly [at: number, magic: Buffer, what: string, hint: string])[] = [
  [
    0,
    Buffer.from('PK\u0003\u0004'),
    'a spreadsheet or another ZIP archive',
    'Save the sheet as CSV, or unpack the archive.',
  ],
  [0, Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), 'an old Excel or Office document', 'Save the sheet as CSV.'],
  [0, Buffer.from('SQLite format 3'), 'an SQLite database', 'Ask it with --db sqlite:FILE.'],
  [8, Buffer.from('DUCK'), 'a DuckDB database', 'Ask it with --db duckdb:FILE.'],
  [0, Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'packed with zstd', 'Unpack it first: unzstd FILE.'],
  [0, Buffer.from('BZh'), 'packed with bzip2', 'Unpack it first: bunzip2 FILE.'],
  [0, Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), 'packed with xz', 'Unpack it first: unxz FILE.'],
];

/** Finds out what the file is and gives it a name in the folder that DuckDB can take. Throws UnreadableFile. */
export async function examine(file: DataFile, folder: string, index: number): Promise<Input> {
  const { label } = file;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(label)) {
    throw new UnreadableFile(`${label} is an address, and only files are read.`, 'Download it first: curl -O ADDRESS');
  }
  const original = resolve(file.path);
  const bytes = await sizeOf(original, label);
  const start = await readHead({ path: original, gzip: false }, 64).catch((cause: unknown) => {
    throw new UnreadableFile(`${label} cannot be read (${codeOf(cause)}).`, 'Check that this user may read it.');
  });
  const gzip = start.subarray(0, 2).equals(GZIP);
  const head = await readHead({ path: original, gzip }, HEAD_BYTES).catch((cause: unknown) => {
    throw new UnreadableFile(
      `${label} is a damaged gzip file (${codeOf(cause)}).`,
      'Unpack it by hand: gzip -t FILE says more.',
    );
  });
  if (head.length === 0) throw new UnreadableFile(`${label} is empty.`, 'A file of data has a line at least.');
  refuseOthers(head, label);
  const format = formatOf(label, head);
  const path = join(folder, String(index));
  const encoding = format === 'parquet' ? 'utf-8' : encodingOf(head, label);
  if (encoding === 'utf-8') {
    await symlink(original, path);
    return { file, path, gzip, format, head, bytes };
  }
  await transcode({ path: original, gzip }, { encoding, path, label });
  return { file, path, gzip: false, format, head: await readHead({ path, gzip: false }, HEAD_BYTES), bytes };
}

async function sizeOf(path: string, label: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    const missing = ['ENOENT', 'ENOTDIR'].includes(codeOf(cause));
    throw missing
      ? new UnreadableFile(`There is no file ${label}.`, 'Check the path.')
      : new UnreadableFile(`${label} cannot be read (${codeOf(cause)}).`, 'Check that this user may read it.');
  });
  if (found.isDirectory()) {
    throw new UnreadableFile(`${label} is a folder.`, 'Name the files in it: --file FOLDER/*.csv');
  }
  if (!found.isFile()) {
    throw new UnreadableFile(`${label} is no regular file.`, 'It is read more than once: save it to a file first.');
  }
  return found.size;
}

function refuseOthers(head: Buffer, label: string): void {
  const other = OTHERS.find(([at, magic]) => head.subarray(at, at + magic.length).equals(magic));
  if (other !== undefined) throw new UnreadableFile(`${label} is ${other[2]}.`, other[3]);
}

/** Parquet says so itself; of text the name decides, and where that says nothing, the first character does. */
function formatOf(label: string, head: Buffer): DataFormat {
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  const name = label.replace(/\.gz$/i, '');
  if (/\.(?:json|ndjson|jsonl)$/i.test(name)) return 'json';
  if (/\.(?:csv|tsv|tab)$/i.test(name)) return 'delimited';
  if (/\.parquet$/i.test(name)) {
    throw new UnreadableFile(
      `${label} is no Parquet file.`,
      'Its first bytes are not those of one. Check what wrote it.',
    );
  }
  return /^[\s\0\u00ef\u00bb\u00bf\u00fe\u00ff]*[[{]/.test(head.subarray(0, 4096).toString('latin1'))
    ? 'json'
    : 'delimited';
}

type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be';

function encodingOf(head: Buffer, label: string): Encoding {
  if (head.subarray(0, 2).equals(BOM.le)) return 'utf-16le';
  if (head.subarray(0, 2).equals(BOM.be)) return 'utf-16be';
  if (head.subarray(0, 3).equals(BOM.utf8)) return 'utf-8-bom';
  if (head.subarray(0, 4096).includes(0)) {
    throw new UnreadableFile(`${label} is no text: it has zero bytes.`, 'Is it UTF-16? Then save it as UTF-8.');
  }
  return 'utf-8';
}

/** A copy in UTF-8, without the mark, in our own folder: neither of DuckDB's readers takes all of these. */
async function transcode(
  source: TextSource,
  target: { readonly encoding: Encoding; readonly path: string; readonly label: string },
): Promise<void> {
  const decoder = new TextDecoder(target.encoding === 'utf-8-bom' ? 'utf-8' : target.encoding, { fatal: true });
  async function* decoded(): AsyncGenerator<string> {
    for await (const chunk of readBytes(source)) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  }
  try {
    await pipeline(Readable.from(decoded()), createWriteStream(target.path, { flags: 'wx', mode: 0o600 }));
  } catch (cause) {
    if (codeOf(cause) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw cause;
    const name = target.encoding === 'utf-8-bom' ? 'UTF-8' : 'UTF-16';
    throw new UnreadableFile(`${target.label} begins as ${name} and goes on as something else.`, 'Save it as UTF-8.');
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
