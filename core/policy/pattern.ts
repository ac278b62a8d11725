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
  /** Of a path of fields, in lower case: what it is where it has no wildcards. */
  readonly path: string;
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
  const path = text
    .slice(text.lastIndexOf('."') + 1)
    .replace(/^"(.*)"$/s, '$1')
    .toLowerCase();
  return { text, table: { text, parts: parts.toReversed() }, column, path };
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

/** A statement that does not say what it reads (a MongoDB pipeline alone). */
export const isAnyTable = ({ name }: TableName): boolean => name === '*';

/** What a name leaves open (its schema) counts as meant by the pattern. */
export function matchesTable({ parts }: TablePattern, table: TableName): boolean {
  if (isAnyTable(table)) return true;
  const { schema, name } = table;
  const names = [name, ...(schema === null ? [] : schema.split('.').toReversed())];
  return parts.every((part, index) => {
    const named = names[index];
    return named === undefined || part.test(named);
  });
}

/** A rule for `address` is one for the field `address.city` too (MongoDB). */
export function matchesColumn(pattern: ColumnPattern, table: TableName, column: string): boolean {
  return pathsAbove(column).some((path) => pattern.column.test(path)) && matchesTable(pattern.table, table);
}

/** Also where the column has what the pattern names inside: `address` of a rule for `address.city`. */
export function touchesColumn(pattern: ColumnPattern, table: TableName, column: string): boolean {
  const holdsIt = pattern.path.startsWith(`${column.toLowerCase()}.`);
  return matchesColumn(pattern, table, column) || (holdsIt && matchesTable(pattern.table, table));
}

/** `a.b.c` → a, a.b, a.b.c */
function pathsAbove(column: string): string[] {
  const parts = column.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}
