const QUOTE = '"';

/**
 * The first records of a delimited text, by RFC 4180, with the line each begins in. A record that the text may end in the
 * middle of is left out unless the text is whole. Empty lines are none.
 */
export function firstRecords(
  text: string,
  options: { readonly delimiter: string; readonly limit: number; readonly isWhole: boolean },
): string[][] {
  const { delimiter, limit, isWhole } = options;
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let isQuoted = false;
  const endRecord = () => {
    record.push(field);
    if (record.length > 1 || field !== '') records.push(record);
    record = [];
    field = '';
  };
  for (let at = 0; at < text.length && records.length < limit; at++) {
    const character = text[at] ?? '';
    if (isQuoted) {
      if (character !== QUOTE) field += character;
      else if (text[at + 1] === QUOTE) field += text[at++];
      else isQuoted = false;
    } else if (character === QUOTE && field === '') isQuoted = true;
    else if (character === delimiter) {
      record.push(field);
      field = '';
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[at + 1] === '\n') at++;
      endRecord();
    } else field += character;
  }
  if (records.length < limit && isWhole && (field !== '' || record.length > 0)) endRecord();
  return records;
}

/**
 * The line that a record begins in, both counted from 1: DuckDB counts records, and texts in quotes may hold line ends.
 * Empty lines count as records there.
 */
export async function lineOfRecord(chunks: AsyncIterable<Buffer>, record: number): Promise<number> {
  const [quote, lf, cr] = [0x22, 0x0a, 0x0d];
  let [records, line, isQuoted, previous] = [1, 1, false, 0];
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      if (records >= record) return line;
      if (byte === quote) isQuoted = !isQuoted;
      const isEnd = byte === cr || (byte === lf && previous !== cr);
      if (isEnd) line++;
      if (isEnd && !isQuoted) records++;
      previous = byte;
    }
  }
  return line;
}
