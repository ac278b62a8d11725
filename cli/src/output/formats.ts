import { CustardError } from '#core/errors.ts';
import { DEFAULT_MAX_ROWS, HARD_MAX_ROWS } from '#core/protocol/limits.ts';

export const FORMATS = ['table', 'vertical', 'md', 'csv', 'tsv', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** What a screen can use, against what a program that reads on wants: all of it. */
export const DEFAULT_ROWS: Readonly<Record<Format, number>> = {
  table: 1_000,
  vertical: 1_000,
  md: 1_000,
  json: DEFAULT_MAX_ROWS,
  csv: HARD_MAX_ROWS,
  tsv: HARD_MAX_ROWS,
  ndjson: HARD_MAX_ROWS,
};

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'tsv',
  md: 'md',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
};

/** What such a file is opened with would not read a table of text. */
const NOT_WRITTEN: ReadonlySet<string> = new Set(['xlsx', 'xls', 'ods', 'parquet', 'arrow', 'html', 'xml', 'yaml']);

/** `--json` and `--format` first, then what the output file's name says, then a table. USAGE. */
export function chooseFormat(flags: {
  readonly json: boolean;
  readonly format: Format | undefined;
  readonly out: string | undefined;
}): Format {
  if (flags.json) return 'json';
  const extension = /\.([a-z]+)$/i.exec(flags.out ?? '')?.[1]?.toLowerCase() ?? '';
  const format = flags.format ?? BY_EXTENSION[extension];
  if (format === undefined && NOT_WRITTEN.has(extension)) {
    throw new CustardError('USAGE', `Custard does not write .${extension} files.`, {
      hint: 'Name the file .csv, .tsv, .md, .json or .ndjson, or give a format with -o.',
    });
  }
  return format ?? 'table';
}
