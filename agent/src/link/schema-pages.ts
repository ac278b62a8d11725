import { KIB } from '#core/protocol/limits.ts';
import type { FromAgent } from '#core/protocol/messages.ts';
import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';

type SchemaPage = Omit<Extract<FromAgent, { type: 'schema_page' }>, 'type' | 'id'>;

/** Characters of tables in one page: half a frame, as a character may take more than one byte. */
const PAGE_CHARACTERS = 256 * KIB;

/** A schema cut into messages that each fit a frame; the last one says so. */
export function schemaPages({ version, defaultSchemas, tables }: DatabaseSchema): SchemaPage[] {
  const pages: SchemaTable[][] = [[]];
  let size = 0;
  for (const table of tables) {
    const characters = JSON.stringify(table).length;
    if (size > 0 && size + characters > PAGE_CHARACTERS) {
      pages.push([]);
      size = 0;
    }
    pages.at(-1)?.push(table);
    size += characters;
  }
  return pages.map((page, index) => ({ version, defaultSchemas, tables: page, last: index === pages.length - 1 }));
}
