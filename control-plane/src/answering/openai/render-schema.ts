import type { DatabaseSchema, ForeignKey, SchemaColumn, SchemaTable } from '#core/schema.ts';
import { quoteIdentifier } from './quote-identifier.ts';

const COMMENT_LENGTH = 160;
const MASKED = 'masked: may be selected by itself, and not be filtered, joined, grouped, sorted or computed with';

/** A table as a model reads it best: close to the CREATE TABLE that made it. */
export function renderTable(table: SchemaTable, schema: DatabaseSchema): string {
  if (schema.dialect === 'mongodb') return renderCollection(table);
  const lines = [
    ...table.columns.map((column) => columnLine(column, table, schema)),
    ...(table.primaryKey.length > 1 ? [{ text: `PRIMARY KEY (${names(table.primaryKey, schema)})` }] : []),
    ...table.uniqueKeys.map((columns) => ({ text: `UNIQUE (${names(columns, schema)})` })),
    ...table.foreignKeys.map((key) => ({ text: `FOREIGN KEY (${names(key.columns, schema)}) ${target(key, schema)}` })),
  ];
  const body = lines.map(({ text, comment }, index) => {
    return `  ${text}${index < lines.length - 1 ? ',' : ''}${trailing(comment)}`;
  });
  const kind = table.kind === 'table' ? 'TABLE' : 'VIEW';
  const rows = table.rowEstimate === null ? undefined : `about ${Math.round(table.rowEstimate)} rows`;
  const notes = [rows, table.comment].filter((note) => note !== undefined && note !== null).join('; ');
  return [`CREATE ${kind} ${tableName(table, schema)} (${trailing(notes)}`, ...body, ');'].join('\n');
}

/** Documents have no CREATE TABLE: one path a line. */
function renderCollection({ name, kind, columns, uniqueKeys, rowEstimate }: SchemaTable): string {
  const rows = rowEstimate === null ? '' : `, about ${Math.round(rowEstimate)} documents`;
  const lines = columns.map(({ name: path, type, nullable, masked }) => {
    const notes = [nullable ? 'may be missing' : '', masked === undefined ? '' : MASKED].filter((note) => note !== '');
    return `  ${path} ${type}${trailing(notes.join('; '))}`;
  });
  const unique = uniqueKeys.map((paths) => `  unique: ${paths.join(', ')}`);
  return [`${kind === 'view' ? 'view' : 'collection'} ${JSON.stringify(name)}${rows}`, ...lines, ...unique].join('\n');
}

/** Qualified where a statement has to be. */
export function tableName(
  table: Pick<SchemaTable, 'schema' | 'name'>,
  { defaultSchemas, dialect }: DatabaseSchema,
): string {
  const { schema, name } = table;
  if (dialect === 'mongodb') return name;
  if (schema === null || defaultSchemas.includes(schema)) return quoteIdentifier(name, dialect);
  return `${quoteIdentifier(schema, dialect)}.${quoteIdentifier(name, dialect)}`;
}

interface Line {
  readonly text: string;
  readonly comment?: string | null;
}

function columnLine(
  { name, type, nullable, comment, masked, values }: SchemaColumn,
  { primaryKey }: SchemaTable,
  { dialect }: DatabaseSchema,
): Line {
  const isKey = primaryKey.length === 1 && primaryKey[0] === name;
  const constraint = isKey ? ' PRIMARY KEY' : nullable ? '' : ' NOT NULL';
  const isListed = values !== undefined && !type.toLowerCase().startsWith('enum(');
  const list = isListed ? `one of ${values.map((value) => `'${value}'`).join(', ')}` : '';
  const notes = [masked === undefined ? '' : MASKED, list, comment ?? ''].filter((note) => note !== '').join('; ');
  return { text: `${quoteIdentifier(name, dialect)} ${type}${constraint}`, comment: notes };
}

function target({ references }: ForeignKey, schema: DatabaseSchema): string {
  const { table: name, schema: of, columns } = references;
  return `REFERENCES ${tableName({ schema: of, name }, schema)} (${names(columns, schema)})`;
}

const names = (columns: readonly string[], { dialect }: DatabaseSchema): string =>
  columns.map((name) => quoteIdentifier(name, dialect)).join(', ');

/** One line and not a long one: a comment is data of somebody else's. */
function trailing(comment: string | null | undefined): string {
  const text = (comment ?? '').replace(/\s+/g, ' ').trim();
  return text === '' ? '' : ` -- ${text.length > COMMENT_LENGTH ? `${text.slice(0, COMMENT_LENGTH)}…` : text}`;
}
