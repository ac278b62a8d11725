import type { FoundValue } from '#core/protocol/messages.ts';
import type { DatabaseSchema, SchemaColumn, SchemaTable } from '#core/schema.ts';

/** Of which collection a table of the view is, and the array whose elements are its rows. */
export interface DocumentSource {
  readonly collection: string;
  readonly array: string | null;
}

export interface RelationalView {
  readonly schema: DatabaseSchema;
  readonly sources: ReadonlyMap<string, DocumentSource>;
}

/**
 * Collections as tables: what lies in an array is a table of its own, whose rows belong to a document.
 * So an order is counted once and its items each, without the planner knowing of documents.
 */
export function relationalView(schema: DatabaseSchema): RelationalView {
  const sources = new Map<string, DocumentSource>();
  const tables = schema.tables.flatMap((table) => {
    const arrays = table.columns.filter(isArray).filter(({ name }) => !isWithinArray(name, table));
    sources.set(table.name, { collection: table.name, array: null });
    for (const { name } of arrays) sources.set(`${table.name}.${name}`, { collection: table.name, array: name });
    return [ownTable(table), ...arrays.map((array) => arrayTable(table, array))];
  });
  return { schema: { ...schema, tables }, sources };
}

const isArray = ({ type }: SchemaColumn): boolean => /\barray\b/.test(type);
const isDocument = ({ type }: SchemaColumn): boolean => /^(object|array<object>)$/.test(type);

function isWithinArray(path: string, { columns }: SchemaTable): boolean {
  return columns.some((column) => isArray(column) && path.startsWith(`${column.name}.`));
}

/** What a document has once. */
function ownTable(table: SchemaTable): SchemaTable {
  const columns = table.columns.filter(
    (column) => !isArray(column) && !isDocument(column) && !isWithinArray(column.name, table),
  );
  return { ...table, columns };
}

/** The elements of an array, each with the document's id. */
function arrayTable(table: SchemaTable, array: SchemaColumn): SchemaTable {
  const id = table.columns.find(({ name }) => name === '_id');
  const inner = table.columns.filter(
    (column) => column.name.startsWith(`${array.name}.`) && !isArray(column) && !isDocument(column) && !isDeep(column),
  );
  const isDeepIn = (column: SchemaColumn): boolean =>
    table.columns.some((other) => other !== array && isArray(other) && column.name.startsWith(`${other.name}.`));
  const element: SchemaColumn = { ...array, kind: /array<string>/.test(array.type) ? 'text' : 'other' };
  const own = array.type.includes('object') ? inner.filter((column) => !isDeepIn(column)) : [element];
  return {
    ...{ ...table, name: `${table.name}.${array.name}`, kind: 'table' as const, primaryKey: [], uniqueKeys: [] },
    columns: [...(id === undefined ? [] : [id]), ...own],
    foreignKeys:
      id === undefined
        ? []
        : [{ columns: ['_id'], references: { schema: table.schema, table: table.name, columns: ['_id'] } }],
  };
}

/** Deeper than a person would ask for in a word. */
const isDeep = ({ name }: SchemaColumn): boolean => name.split('.').length > 4;

/** Values that the agent found in a collection, where the view has them. */
export function placeInView(found: readonly FoundValue[], { schema, sources }: RelationalView): FoundValue[] {
  return found.flatMap((hit) => {
    const home = schema.tables.find(
      ({ name, columns }) =>
        sources.get(name)?.collection === hit.table && columns.some((column) => column.name === hit.column),
    );
    return home === undefined ? [] : [{ ...hit, table: home.name }];
  });
}
