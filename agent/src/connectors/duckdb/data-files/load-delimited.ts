import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadedTable } from '../../file/worker-protocol.ts';
import { type CsvDialect, csvDialect } from './csv-dialect.ts';
import { lineOfRecord } from './csv-records.ts';
import { inferTypes } from './infer-types.ts';
import type { Input } from './input.ts';
import { createTable, quoteText } from './load-table.ts';
import { readBytes } from './read-text.ts';
import { COMMA_FAMILIES, TEXT_FAMILIES } from './type-families.ts';
import { UnreadableFile } from './unreadable.ts';

/** One line, or one record with line ends in quotes. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** DuckDB's usual; from the longest line it would make sixteen times as much. */
const BUFFER_BYTES = 32 * 1024 * 1024;
const MAX_COLUMNS = 1_000;

/** CSV and TSV. Every value comes as the text it is; types are given afterwards, where no value loses anything by it. */
export async function loadDelimited(connection: DuckDBConnection, input: Input): Promise<LoadedTable> {
  const { label, table } = input.file;
  const dialect = csvDialect(new TextDecoder().decode(input.head), {
    isTabbed: /\.(?:tsv|tab)(?:\.gz)?$/i.test(label),
    isWhole: !input.gzip && input.head.length >= input.bytes,
  });
  if (dialect === null) throw noColumns(input);
  if (dialect.columns.length > MAX_COLUMNS) {
    throw new UnreadableFile(
      `${label} has ${dialect.columns.length} columns; ${MAX_COLUMNS} are the most that are read.`,
      'Take the columns you need into a file of their own.',
    );
  }
  const source = `read_csv(${quoteText(input.path)}, ${readOptions(dialect, input)})`;
  const families = dialect.delimiter === ',' ? TEXT_FAMILIES : COMMA_FAMILIES;
  try {
    const columns = dialect.columns.map((name) => ({ name, families }));
    const notes = dialect.hasHeader
      ? []
      : [`${label}: its first line is taken for a row, so its columns are ${dialect.columns[0]} and so on.`];
    const typed = await inferTypes(connection, { source, columns });
    return await createTable(connection, { table, label, source, columns: typed, notes });
  } catch (error) {
    throw (await readable(error, input, dialect)) ?? error;
  }
}

function readOptions({ delimiter, skippedLines, hasHeader, columns }: CsvDialect, { gzip }: Input): string {
  const types = columns.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  return [
    `auto_detect = false, delim = ${quoteText(delimiter)}, quote = '"', escape = '"', header = ${hasHeader}, skip = ${skippedLines}`,
    `strict_mode = true, null_padding = false, ignore_errors = false, hive_partitioning = false`,
    `compression = '${gzip ? 'gzip' : 'none'}', max_line_size = ${MAX_LINE_BYTES}, buffer_size = ${BUFFER_BYTES}, columns = {${types}}`,
  ].join(', ');
}

function noColumns({ file, head }: Input): UnreadableFile {
  return head.toString('latin1').trim() === ''
    ? new UnreadableFile(`${file.label} holds nothing but blank lines.`, 'A file of data has a line at least.')
    : new UnreadableFile(`The first line of ${file.label} does not end within 1 MiB.`, 'Check that it is CSV or TSV.');
}

interface Trouble {
  readonly pattern: RegExp;
  readonly what: (match: RegExpExecArray) => string;
  readonly hint: string;
}

const TROUBLES: readonly Trouble[] = [
  {
    pattern: /Expected Number of Columns: (\d+) Found: (\d+)/,
    what: ([, expected, found]) =>
      `it has ${found} ${found === '1' ? 'field' : 'fields'} where the first line has ${expected}`,
    hint: 'Correct the line, or put a field that holds the delimiter into double quotes.',
  },
  {
    pattern: /unterminated quote/i,
    what: () => 'a double quote that begins there does not end, or is followed by more than the next field',
    hint: 'Within quotes, a double quote is written twice.',
  },
  {
    pattern: /unicode|utf-8/i,
    what: () => 'it is not UTF-8',
    hint: 'Save the file as UTF-8: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.csv',
  },
  {
    pattern: /Maximum line size/i,
    what: () => `it is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB`,
    hint: 'Check that its double quotes and line ends are right.',
  },
];

/** DuckDB's error in our words, with the line in the file. Null for what is none of the file's. */
async function readable(error: unknown, input: Input, dialect: CsvDialect): Promise<UnreadableFile | null> {
  const message = error instanceof Error ? error.message : '';
  const { label } = input.file;
  if (/state machine reached an invalid state/.test(message)) {
    return new UnreadableFile(
      `${label} mixes line ends, or has text after a closing quote.`,
      'Make all line ends the same (dos2unix FILE), and check its double quotes.',
    );
  }
  const record = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const trouble = TROUBLES.find(({ pattern }) => pattern.test(message));
  const match = trouble?.pattern.exec(message) ?? null;
  if (trouble === undefined || match === null) return null;
  const line = record === undefined ? null : await lineOfRecord(readBytes(input), Number(record));
  const hint =
    dialect.columns.length === 1 && trouble.pattern.source.startsWith('Expected')
      ? `If the first line is a title or a comment, take it away. ${trouble.hint}`
      : trouble.hint;
  return new UnreadableFile(
    line === null
      ? `${label}: a line cannot be read: ${trouble.what(match)}.`
      : `${label}, line ${line}: ${trouble.what(match)}.`,
    hint,
  );
}
