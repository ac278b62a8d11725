import { loadGuard } from '#core/guard/load-guard.ts';
import type { Guard, TableName } from '#core/guard/verdict.ts';
import type { Relation, RelationRead } from '#core/policy/relation.ts';
import type { MysqlSettings } from '../settings.ts';
import type { TextRow } from '../text-row.ts';
import { quoteText } from './quote.ts';
import { readsOfDefinition } from './view-reads.ts';

interface RelationsOptions {
  readonly dialect: MysqlSettings['dialect'];
  /** Where names without a schema are looked for. */
  readonly database: string | null;
  readonly query: (statement: string) => Promise<TextRow[]>;
}

interface Known {
  readonly schema: string;
  readonly name: string;
  readonly columns: string[];
  /** Of a view; empty where the account may not see it, null for tables. */
  readonly definition: string | null;
}

type Catalogue = Map<string, Known | null>;

/** Views of views are followed so far; what is behind that counts as unknown. */
const MAX_DEPTH = 16;
/** One query asks for so many names. */
const BATCH = 50;
/** A read of nobody knows what: every rule is one about it. */
const ANYTHING: RelationRead = { schema: null, name: '*', column: null };

/**
 * A query for all names, and one for each level of views that they read from. MariaDB has no table of what a view reads:
 * its definition, which the server writes with whole names, is read by the guard's own parser.
 */
export async function findRelations(
  tables: readonly TableName[],
  { dialect, database, query }: RelationsOptions,
): Promise<Relation[]> {
  const asked = tables.flatMap((table) => {
    const schema = table.schema ?? database;
    return schema === null ? [] : [{ asked: table, key: { schema, name: table.name } }];
  });
  const catalogue: Catalogue = new Map();
  const views = new Views(await loadGuard(dialect), catalogue);
  let wanted = asked.map(({ key }) => key);
  for (let depth = 0; depth <= MAX_DEPTH && wanted.length > 0; depth++) {
    await look(wanted, catalogue, query);
    wanted = await views.unknownReads();
  }
  return asked.flatMap(({ asked: table, key }): Relation[] => {
    const known = catalogue.get(keyOf(key));
    if (known === undefined || known === null) return [];
    const { schema, name, columns } = known;
    const reads = distinct(views.reads(known));
    return [{ asked: table, name: { schema, name }, parents: [], columns: columns.map(toColumn), reads }];
  });
}

const toColumn = (name: string) => ({ name, aliases: [] });
const keyOf = ({ schema, name }: TableName): string => JSON.stringify([schema, name]);

/** What views read, by what the catalogue has of them so far. */
class Views {
  readonly #guard: Guard;
  readonly #catalogue: Catalogue;
  /** Of each view what its own definition names; null where that is not known. */
  readonly #direct = new Map<Known, readonly RelationRead[] | null>();

  constructor(guard: Guard, catalogue: Catalogue) {
    this.#guard = guard;
    this.#catalogue = catalogue;
  }

  /** Names that definitions have and nobody has looked for. */
  async unknownReads(): Promise<{ schema: string; name: string }[]> {
    const names = new Map<string, { schema: string; name: string }>();
    for (const known of this.#catalogue.values()) {
      if (known === null || known.definition === null || this.#direct.has(known)) continue;
      const reads = await readsOfDefinition(known.definition, { guard: this.#guard, schema: known.schema });
      this.#direct.set(known, reads);
      for (const { schema, name } of reads ?? []) {
        if (!this.#catalogue.has(keyOf({ schema, name }))) names.set(keyOf({ schema, name }), { schema, name });
      }
    }
    return [...names.values()];
  }

  /** Through all the views there are, their own names included. */
  reads(known: Known, above: readonly Known[] = []): RelationRead[] {
    if (known.definition === null) return [];
    const direct = this.#direct.get(known) ?? null;
    if (direct === null || above.includes(known)) return [ANYTHING];
    const through = new Map<string, RelationRead[]>();
    for (const read of direct) {
      if (through.has(keyOf(read))) continue;
      const behind = this.#catalogue.get(keyOf(read)) ?? null;
      // What the account may not see may be a view, of who knows what.
      through.set(keyOf(read), behind === null ? [ANYTHING] : this.reads(behind, [...above, known]));
    }
    return [...direct, ...[...through.values()].flat()];
  }
}

function distinct(reads: readonly RelationRead[]): RelationRead[] {
  return [...new Map(reads.map((read) => [JSON.stringify([read.schema, read.name, read.column]), read])).values()];
}

/** Adds what there is of these names, and null for what there is not. */
async function look(
  names: readonly { readonly schema: string; readonly name: string }[],
  catalogue: Catalogue,
  query: RelationsOptions['query'],
): Promise<void> {
  const missing = [...new Map(names.map((name) => [keyOf(name), name])).values()].filter(
    (name) => !name.name.includes('\0') && !name.schema.includes('\0'),
  );
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    const rows = await query(batch.map(lookUp).join('\nUNION ALL\n'));
    for (const [index, name] of batch.entries()) {
      const own = rows.filter((row) => row.number('ordinal') === index);
      catalogue.set(keyOf(name), readKnown(own));
    }
  }
}

/** Schema and name are given as constants in each part, and nothing is joined: so the server opens this table alone. */
function lookUp({ schema, name }: { readonly schema: string; readonly name: string }, index: number): string {
  const from = (part: string, value: string, position: string, view: string) => `
    SELECT ${index} AS ordinal, '${part}' AS part, TABLE_SCHEMA AS s, TABLE_NAME AS t, ${value} AS value, ${position} AS position
    FROM information_schema.${view} WHERE TABLE_SCHEMA = ${quoteText(schema)} AND TABLE_NAME = ${quoteText(name)}`;
  return [
    from('table', 'TABLE_TYPE', '0', 'TABLES'),
    from('column', 'COLUMN_NAME', 'ORDINAL_POSITION', 'COLUMNS'),
    from('definition', 'VIEW_DEFINITION', '0', 'VIEWS'),
  ].join(' UNION ALL ');
}

function readKnown(rows: readonly TextRow[]): Known | null {
  const part = (name: string): TextRow[] => rows.filter((row) => row.text('part') === name);
  const [table] = part('table');
  const columns = part('column').toSorted((a, b) => a.number('position') - b.number('position'));
  // A view of what is not there any more has none.
  if (table === undefined || columns.length === 0) return null;
  return {
    schema: table.text('s'),
    name: table.text('t'),
    columns: columns.map((row) => row.text('value')),
    definition: table.text('value') === 'VIEW' ? (part('definition')[0]?.textOrNull('value') ?? '') : null,
  };
}
