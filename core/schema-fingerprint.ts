import { createHash } from 'node:crypto';
import type { DatabaseSchema, SchemaTable } from './schema.ts';

/** Which table of a schema it is. */
export const tableKey = ({ schema, name }: Pick<SchemaTable, 'schema' | 'name'>): string =>
  JSON.stringify([schema, name]);

const DIGEST_CHARACTERS = 24;

/** The same for the same structure, whatever its row estimate, its number of partitions or the order of its keys. */
export function tableDigest({ rowEstimate: _, partitions: __, ...table }: SchemaTable): string {
  const structure = [
    ...[table.schema, table.name, table.kind, table.comment, table.readable, table.primaryKey],
    table.columns.map(({ name, type, kind, nullable, comment, masked, values }) => [
      ...[name, type, kind, nullable, comment, masked ?? null, values ?? null],
    ]),
    table.foreignKeys
      .map(({ columns, references }) =>
        JSON.stringify([columns, references.schema, references.table, references.columns]),
      )
      .toSorted(),
    table.uniqueKeys.map((columns) => JSON.stringify(columns)).toSorted(),
  ];
  return createHash('sha256').update(JSON.stringify(structure)).digest('base64url').slice(0, DIGEST_CHARACTERS);
}

/** The same for the same structure, in whatever order its tables come; SHA-256, hex. */
export function fingerprint(schema: DatabaseSchema): string {
  return fingerprintOf(schema, schema.tables.map(tableDigest));
}

/** Of a schema whose tables have these digests. */
export function fingerprintOf(
  { dialect, defaultSchemas }: Pick<DatabaseSchema, 'dialect' | 'defaultSchemas'>,
  digests: readonly string[],
): string {
  const hash = createHash('sha256').update(JSON.stringify([dialect, defaultSchemas]));
  for (const digest of digests.toSorted()) hash.update(digest);
  return hash.digest('hex');
}
