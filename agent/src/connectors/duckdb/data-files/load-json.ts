import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadedTable } from '../../file/worker-protocol.ts';
import { quoteIdentifier } from '../../quote-identifier.ts';
import { query } from '../query.ts';
import { inferTypes, type TypedColumn } from './infer-types.ts';
import type { Input } from './input.ts';
import { type JsonScanner, scanJson } from './json-scanner.ts';
import { brokenLine, lineOfItem } from './json-trouble.ts';
import { columnsOf, createTable, quoteText } from './load-table.ts';
import { readBytes } from './read-text.ts';
import { DATE_FAMILIES, NUMBER_FAMILIES } from './type-families.ts';
import { UnreadableFile } from './unreadable.ts';

const MIB = 1024 * 1024;
/** One record; an object around an array is read as a whole. */
const MAX_OBJECT_BYTES = 256 * MIB;

/** An array of objects, objects one after the other (NDJSON), or one object that holds an array of them. */
export async function loadJson(connection: DuckDBConnection, input: Input): Promise<LoadedTable> {
  const { label, table } = input.file;
  const scan = await scanJson(readBytes(input));
  refuseShape(scan, label);
  try {
    const reader = readerFor(input, scan);
    const source = scan.isArray || scan.records > 1 ? reader([]) : await sourceWithin(connection, reader, label);
    const { columns, from, notes } = await typesOf(connection, { source, reader, scan, label });
    return await createTable(connection, { table, label, source: from, columns, notes });
  } catch (error) {
    throw (await readable(error, input, scan)) ?? error;
  }
}

/** What DuckDB would let pass, or would make columns of that nobody expects. */
function refuseShape(scan: JsonScanner, label: string): void {
  const at = scan.strayAt ?? null;
  if (at !== null) {
    throw new UnreadableFile(`${label}, line ${at}: something follows after the end of the array.`, 'Check the file.');
  }
  if (!scan.isWhole) {
    throw new UnreadableFile(
      `${label} ends in the middle of the record that begins in line ${scan.recordLine}, or a quote or bracket there is wrong.`,
      'Check that the file is complete.',
    );
  }
  if (scan.records === 0) throw new UnreadableFile(`${label} holds no objects.`, OBJECTS);
  if (scan.otherAt !== null) {
    throw new UnreadableFile(`${label}, line ${scan.otherAt}: what begins there is no object.`, OBJECTS);
  }
}

const OBJECTS = 'It takes an array of objects, objects line by line, or an object that holds one array of them.';

/** SQL that reads the file, with some columns as the types given, the others as found. */
type Reader = (columns: readonly { readonly name: string; readonly type: string }[]) => string;

function readerFor({ path, gzip, bytes }: Input, scan: JsonScanner): Reader {
  const format = scan.isArray ? 'array' : scan.isByLine && scan.records > 1 ? 'newline_delimited' : 'unstructured';
  const isOne = !scan.isArray && scan.records === 1;
  const objectBytes = isOne && !gzip ? Math.min(bytes + MIB, MAX_OBJECT_BYTES) : isOne ? MAX_OBJECT_BYTES : 64 * MIB;
  const options = [
    `format = '${format}', compression = '${gzip ? 'gzip' : 'uncompressed'}', maximum_object_size = ${objectBytes}`,
    `ignore_errors = false, hive_partitioning = false, convert_strings_to_integers = false`,
    // Dates of other forms stay text here, and are looked at as those of CSV are
    `dateformat = '%Y-%m-%d', timestampformat = '%Y-%m-%dT%H:%M:%SZ'`,
  ].join(', ');
  return (columns) => {
    const types = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(type)}`);
    const found = 'sample_size = -1, map_inference_threshold = -1, field_appearance_threshold = 0';
    const how = columns.length === 0 ? found : `columns = {${types.join(', ')}}`;
    return `read_json(${quoteText(path)}, ${options}, ${how})`;
  };
}

/** The array of objects within the one object; without one, the object is the only row. */
async function sourceWithin(connection: DuckDBConnection, reader: Reader, label: string): Promise<string> {
  const columns = await columnsOf(connection, reader([]));
  const arrays = columns.filter(({ type }) => /^STRUCT\(.*\)\[\]$/s.test(type));
  const [only] = arrays;
  if (only === undefined) return reader([]);
  if (arrays.length > 1) {
    const names = arrays.map(({ name }) => `"${name}"`).join(', ');
    throw new UnreadableFile(
      `${label} is an object with several arrays of objects: ${names}.`,
      `Take them apart: jq '.["${only.name}"]' FILE > ${only.name.replaceAll(/\W+/g, '_')}.json`,
    );
  }
  return `(SELECT unnest(${quoteIdentifier(only.name)}, max_depth := 2) FROM ${reader([])})`;
}

interface TypesOptions {
  readonly source: string;
  readonly reader: Reader;
  readonly scan: JsonScanner;
  readonly label: string;
}

/** Texts that are dates become dates, and numbers that a double would round stay whole. */
async function typesOf(
  connection: DuckDBConnection,
  { source, reader, scan, label }: TypesOptions,
): Promise<{ readonly columns: readonly TypedColumn[]; readonly from: string; readonly notes: readonly string[] }> {
  const found = await columnsOf(connection, source);
  const isPlainFile = source === reader([]);
  const rounded = scan.hasLongNumbers && isPlainFile ? found.filter(({ type }) => type === 'DOUBLE') : [];
  const from =
    rounded.length === 0
      ? source
      : reader(found.map((column) => (rounded.includes(column) ? { ...column, type: 'VARCHAR' } : column)));
  const texts = found.flatMap((column) => {
    if (rounded.includes(column)) return [{ name: column.name, families: NUMBER_FAMILIES }];
    return column.type === 'VARCHAR' ? [{ name: column.name, families: DATE_FAMILIES }] : [];
  });
  const typed = texts.length === 0 ? [] : await inferTypes(connection, { source: from, columns: texts });
  const small = await fittingBigint(connection, from, found);
  const columns = found.map(({ name }): TypedColumn => {
    const expression = small.has(name) ? `${quoteIdentifier(name)}::BIGINT` : quoteIdentifier(name);
    return typed.find((column) => column.name === name) ?? { name, expression };
  });
  const hides =
    scan.hasLongNumbers && found.some((column) => column.type.includes('DOUBLE') && !rounded.includes(column));
  const notes = hides ? [`${label}: numbers of more than 15 digits inside of objects may be rounded.`] : [];
  return { columns, from, notes };
}

/** Whole numbers come as the widest type where some are negative and some are not. */
async function fittingBigint(
  connection: DuckDBConnection,
  source: string,
  columns: readonly { readonly name: string; readonly type: string }[],
): Promise<ReadonlySet<string>> {
  const wide = columns.filter(({ type }) => type === 'HUGEINT' || type === 'UBIGINT');
  if (wide.length === 0) return new Set();
  const fits = wide.map(
    ({ name }, index) =>
      `bool_and(TRY_CAST(${quoteIdentifier(name)} AS BIGINT) IS NOT NULL OR ${quoteIdentifier(name)} IS NULL) AS f${index}`,
  );
  const [row = {}] = await query(connection, `SELECT ${fits.join(', ')} FROM ${source}`);
  return new Set(wide.flatMap(({ name }, index) => (row[`f${index}`] === false ? [] : [name])));
}

/** DuckDB's error in our words, with a line of the file. Null for what is none of the file's. */
async function readable(error: unknown, input: Input, scan: JsonScanner): Promise<UnreadableFile | null> {
  const message = error instanceof Error ? error.message : '';
  const { label } = input.file;
  const isSyntax = message.includes('Malformed JSON');
  if (/maximum_object_size/.test(message)) {
    return new UnreadableFile(
      `${label} holds an object that is too large to be read.`,
      `Write it as NDJSON, an object a line: jq -c '.[]' FILE > NEW.ndjson`,
    );
  }
  const isDouble = /duplicate key/.test(message);
  if (!isSyntax && !isDouble) return null;
  const what = isDouble ? 'has a key twice' : 'is no valid JSON';
  // A record that cannot be parsed is counted before it is told
  const record = Number(/in record\/value (\d+)/.exec(message)?.[1] ?? 0) - (isSyntax ? 1 : 0);
  const broken = scan.isArray || isDouble ? null : await brokenLine(input);
  const line = broken ?? (record > 0 ? await lineOfItem(input, record) : null);
  const place = line === null ? `${label}: an object` : `${label}, line ${line}: the object that begins there`;
  return new UnreadableFile(`${place} ${what}.`, 'Correct it there; nothing of the file was taken.');
}
