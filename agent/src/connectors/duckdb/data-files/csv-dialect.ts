import { firstRecords } from './csv-records.ts';

export interface CsvDialect {
  readonly delimiter: string;
  /** Empty ones before the first record. */
  readonly skippedLines: number;
  readonly hasHeader: boolean;
  /** Unique whatever the case; none is empty. */
  readonly columns: readonly string[];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Records that a delimiter has to hold for. */
const LOOKED_AT = 20;

/** How a delimited text is written, by its first records. Null where there is none. */
export function csvDialect(
  text: string,
  options: { readonly isTabbed: boolean; readonly isWhole: boolean },
): CsvDialect | null {
  const delimiter = options.isTabbed ? '\t' : bestDelimiter(text, options.isWhole);
  const [first, ...rest] = firstRecords(text, { delimiter, limit: LOOKED_AT, isWhole: options.isWhole });
  if (first === undefined || [first, ...rest].flat().every((field) => field.trim() === '')) return null;
  const hasHeader = !looksLikeData(first);
  // A last field that is empty in every record is a delimiter too many at each line's end
  const hasSpare = first.length > 1 && [first, ...rest].every((record) => record[first.length - 1]?.trim() === '');
  const fields = hasSpare ? first.slice(0, -1) : first;
  const skippedLines = /^(?:\r\n|\r|\n)*/.exec(text)?.[0].match(/\r\n|\r|\n/g)?.length ?? 0;
  return { delimiter, skippedLines, hasHeader, columns: columnNames(hasHeader ? fields : fields.map(() => '')) };
}

/** The one that gives all records the same number of fields, and the most of them. */
function bestDelimiter(text: string, isWhole: boolean): string {
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const counts = firstRecords(text, { delimiter, limit: LOOKED_AT, isWhole }).map(({ length }) => length - 1);
    const [first = 0] = counts;
    const score = first * (counts.every((count) => count === first) ? 1000 : 1);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

const VALUE =
  /^(?:[+-]?\d[\d.,]*(?:e[+-]?\d+)?%?|\d{4}-\d\d-\d\d.*|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}.*|\d{1,2}:\d\d.*|true|false)$/i;
const YEAR = /^(?:1[5-9]|2\d)\d\d$/;

/** Whether the first record is one of values: a number or a date stands in it, other than years beside texts. */
function looksLikeData(record: readonly string[]): boolean {
  const fields = record.map((field) => field.trim());
  const values = fields.filter((field) => VALUE.test(field));
  if (values.length === 0) return false;
  const isRowOfYears = values.every((value) => YEAR.test(value)) && new Set(values).size === values.length;
  return !(isRowOfYears && (values.length < fields.length || values.length > 2));
}

/** As in the file; one without a name is column_3 by its place, a name that was there already gets a number. */
function columnNames(fields: readonly string[]): string[] {
  const taken = new Set<string>();
  return fields.map((field, index) => {
    const name = field.trim() === '' ? `column_${index + 1}` : field.trim();
    let unique = name;
    for (let number = 2; taken.has(unique.toLowerCase()); number++) unique = `${name}_${number}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
