import type { Cell, Column, Row } from '#core/values.ts';

interface Result {
  readonly columns: readonly Column[];
  /** The first rows. */
  readonly sample: readonly Row[];
  readonly rowCount: number;
  readonly truncated: boolean;
}

const LISTED_ROWS = 5;
const LISTED_COLUMNS = 4;
const TEXT_LENGTH = 80;

/** The result in a sentence, by its shape alone: it says nothing that is not in the rows. */
export function answerSentence({ columns, sample, rowCount, truncated }: Result): string {
  if (rowCount === 0) return 'Nothing matches.';
  const [first] = sample;
  if (!truncated && first !== undefined && sample.length >= rowCount) {
    if (rowCount === 1 && columns.length === 1) return cellText(first[0], columns[0]);
    if (rowCount === 1 && columns.length <= LISTED_COLUMNS) return named(first, columns);
    if (rowCount <= LISTED_ROWS && columns.length === 1) return list(sample.map((row) => cellText(row[0], columns[0])));
    if (rowCount <= LISTED_ROWS && columns.length === 2)
      return list(
        sample.map((row) => pair(row, columns)),
        '; ',
      );
  }
  const count = `${grouped(String(rowCount))} ${rowCount === 1 ? 'row' : 'rows'}`;
  return truncated ? `The first ${count}; there are more.` : `${count}.`;
}

const named = (row: Row, columns: readonly Column[]): string =>
  columns.map((column, index) => `${column.name}: ${cellText(row[index], column)}`).join(', ');

const pair = (row: Row, columns: readonly Column[]): string =>
  `${cellText(row[0], columns[0])}: ${cellText(row[1], columns[1])}`;

const list = (texts: readonly string[], separator = ', '): string => texts.join(separator);

function cellText(cell: Cell | undefined, column: Column | undefined): string {
  if (cell === null || cell === undefined) return 'no value';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  const text = String(cell);
  const isNumber = column?.kind === 'integer' || column?.kind === 'decimal' || column?.kind === 'float';
  if (isNumber) return isIdentifier(column) ? text : grouped(text);
  const characters = [...text];
  return characters.length > TEXT_LENGTH ? `${characters.slice(0, TEXT_LENGTH).join('')}…` : text;
}

/** 1,204 is a count; as an id or a year it would be a misprint. */
const isIdentifier = ({ name }: Column): boolean => /(^|_)(id|year|no|number|code|zip|phone)$|Id$/i.test(name);

/** 1234567.50 → 1,234,567.50; text that is not a plain number stays as it is. */
function grouped(number: string): string {
  const [, sign = '', whole, rest = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(number) ?? [];
  return whole === undefined ? number : `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
}
