import type { TableName } from '../guard/verdict.ts';

/**
 * Names by pattern: parts with dots between them, `*` for any run of characters and `?` for one within a part; a part in
 * double quotes is taken as it is, dots and stars too. Compared whatever the case, as a rule that is missed for
 * the case of a letter protects nothing.
 */
export interface TablePattern {
  /** As it was written. */
  readonly text: string;
  /** From the right: the table, its schema, the schema's database. */
  readonly parts: readonly RegExp[];
}

export interface ColumnPattern {
  readonly text: string;
  readonly table: TablePattern;
  readonly column: RegExp;
}

const MAX_TABLE_PARTS = 3;
const PART = /"((?:[^"]|"")+)"|([^."\s]+)/y;

/** A pattern of one to three parts, or why it is none. */
export function parseTablePattern(text: string): TablePattern | string {
  const parts = splitPattern(text);
  if (parts === null || parts.length > MAX_TABLE_PARTS) {
    return 'a table by pattern: "orders", "shop.*", "shop.order_?"';
  }
  return { text, parts: parts.toReversed() };
}

/** A pattern of two to four parts, the last of them the column; or why it is none. */
export function parseColumnPattern(text: string): ColumnPattern | string {
  const parts = splitPattern(text);
  const column = parts?.pop();
  if (parts === null || column === undefined || parts.length === 0 || parts.length > MAX_TABLE_PARTS) {
    return 'a column by pattern, with its table: "users.email", "*.ssn", "hr.staff.salary"';
  }
  return { text, table: { text, parts: parts.toReversed() }, column };
}

function splitPattern(text: string): RegExp[] | null {
  const parts: RegExp[] = [];
  for (let at = 0; ; at++) {
    PART.lastIndex = at;
    const match = PART.exec(text);
    if (match === null) return null;
    const [all, quoted, plain = ''] = match;
    parts.push(
      quoted === undefined ? glob(plain) : new RegExp(`^${RegExp.escape(quoted.replaceAll('""', '"'))}$`, 'isu'),
    );
    at += all.length;
    if (at === text.length) return parts;
    if (text[at] !== '.') return null;
  }
}

function glob(text: string): RegExp {
  const source = [...text].map((character) => WILDCARDS[character] ?? RegExp.escape(character)).join('');
  return new RegExp(`^${source}$`, 'isu');
}

const WILDCARDS: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };

/** What a name leaves open (its schema) counts as meant by the pattern. */
export function matchesTable({ parts }: TablePattern, { schema, name }: TableName): boolean {
  const names = [name, ...(schema === null ? [] : schema.split('.').toReversed())];
  return parts.every((part, index) => {
    const named = names[index];
    return named === undefined || part.test(named);
  });
}

export function matchesColumn(pattern: ColumnPattern, table: TableName, column: string): boolean {
  return pattern.column.test(column) && matchesTable(pattern.table, table);
}
