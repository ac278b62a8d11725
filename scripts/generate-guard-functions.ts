/**
 * Writes the name lists of the guard from the engines' catalogues:
 *
 *   node scripts/generate-guard-functions.ts postgres://… [pg15.csv pg16.csv …]
 *
 * The server gives types, operators, relations and functions; each CSV (`name,volatility`, from
 * `select proname, max(provolatile) …` on that version) adds the functions of a further version. SQLite's list is short
 * and kept by hand. Review the diff: a new name in ALLOWED is a new thing that strangers may run.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import pg from 'pg';
import {
  HARMLESS_ADMINISTRATION,
  HARMLESS_COUNTERS,
  HARMLESS_VOLATILE,
  NEWER_RELATIONS,
  REFUSED_CONTRIB,
  REFUSED_RELATIONS,
  REFUSED_STABLE,
} from '../core/guard/dialects/postgres/reviewed-functions.ts';

const TARGET = new URL('../core/guard/dialects/postgres/', import.meta.url);

/** What takes or gives types that only the server's own code handles is for the server to call. */
const FUNCTIONS = `
  select proname::text as name, max(provolatile::text) as volatility,
         bool_and('internal'::regtype = any (proargtypes) or 'cstring'::regtype = any (proargtypes)
           or prorettype::regtype::text ~ '^(internal|cstring|void|trigger|event_trigger)$|_handler$') as internal
  from pg_proc where pronamespace = 'pg_catalog'::regnamespace group by proname`;
const TYPES = `
  select typname::text as name from pg_type
  where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm') and typname !~ '^_'`;
const OPERATORS = `select distinct oprname::text as name from pg_operator where oprnamespace = 'pg_catalog'::regnamespace`;
const RELATIONS = `
  select relname::text as name from pg_class
  where relnamespace = 'pg_catalog'::regnamespace and relkind in ('r', 'v')`;

interface Catalogue {
  readonly version: string;
  /** Name → the worst volatility of its overloads in any version: i, s or v. */
  readonly volatility: ReadonlyMap<string, string>;
  /** Callable by the server only. */
  readonly internal: ReadonlySet<string>;
  readonly types: readonly string[];
  readonly operators: readonly string[];
  readonly relations: readonly string[];
  readonly contrib: {
    readonly functions: readonly string[];
    readonly operators: readonly string[];
    readonly types: readonly string[];
  };
}

/** Extensions of the distribution that only compute; others read pages, files, other servers or statements as text. */
const CONTRIB = `btree_gist citext cube earthdistance fuzzystrmatch hstore intagg intarray isn ltree pg_trgm pgcrypto seg
  unaccent uuid-ossp`;
const MEMBERS = `select objid from pg_depend where deptype = 'e' and refclassid = 'pg_extension'::regclass and classid`;
const CONTRIB_FUNCTIONS = `
  select distinct proname::text as name from pg_proc p
  where oid in (${MEMBERS} = 'pg_proc'::regclass) and 'internal'::regtype <> all (proargtypes)
    and (provolatile <> 'v' or proname ~ '^(uuid_generate|gen_|crypt)')
    -- One overload that is volatile takes the name with it.
    and not exists (select from pg_proc q where q.proname = p.proname and q.provolatile = 'v' and q.proname !~ '^(uuid_generate|gen_|crypt)')`;
const CONTRIB_OPERATORS = `select distinct oprname::text as name from pg_operator where oid in (${MEMBERS} = 'pg_operator'::regclass)`;
const CONTRIB_TYPES = `select typname::text as name from pg_type where typname !~ '^_' and oid in (${MEMBERS} = 'pg_type'::regclass)`;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

async function readCatalogue(url: string, lists: readonly string[]): Promise<Catalogue> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const names = async (sql: string) => (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
    const { rows: versions } = await client.query<{ server_version: string }>('show server_version');
    const { rows } = await client.query<{ name: string; volatility: string; internal: boolean }>(FUNCTIONS);
    const volatility = new Map(rows.map((row) => [row.name, row.volatility]));
    for (const list of lists) {
      for (const line of words(await readFile(list, 'utf8'))) {
        const [name = '', letter = 'v'] = line.split(',');
        if (letter > (volatility.get(name) ?? '')) volatility.set(name, letter);
      }
    }
    return {
      version: [versions[0]?.server_version.split(' ')[0], ...lists.map((list) => basename(list, '.csv'))].join(', '),
      volatility,
      internal: new Set(rows.filter((row) => row.internal).map((row) => row.name)),
      types: await names(TYPES),
      operators: await names(OPERATORS),
      relations: await names(RELATIONS),
      contrib: await readContrib(client, names),
    };
  } finally {
    await client.end();
  }
}

/** The extensions are there only until the rollback. */
async function readContrib(
  client: pg.Client,
  names: (sql: string) => Promise<string[]>,
): Promise<Catalogue['contrib']> {
  await client.query('begin');
  for (const extension of words(CONTRIB)) await client.query(`create extension if not exists "${extension}" cascade`);
  const contrib = {
    functions: (await names(CONTRIB_FUNCTIONS)).filter((name) => !words(REFUSED_CONTRIB).includes(name)),
    operators: await names(CONTRIB_OPERATORS),
    types: await names(CONTRIB_TYPES),
  };
  await client.query('rollback');
  return contrib;
}

function isAllowed(name: string, volatility: string): boolean {
  if (words(HARMLESS_VOLATILE).includes(name)) return true;
  if (volatility === 'v' || REFUSED_STABLE.some(({ names }) => names.test(name))) return false;
  if (!name.startsWith('pg_')) return true;
  return words(HARMLESS_ADMINISTRATION).includes(name) || HARMLESS_COUNTERS.test(name);
}

function constant(name: string, comment: string, list: readonly string[]): string {
  const lines: string[] = [];
  let line = ' ';
  for (const word of list.toSorted()) {
    if (line.length + word.length >= 118) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return `/** ${comment} */\nexport const ${name} = \`\n${[...lines, line].join('\n')}\n\`;\n`;
}

async function write(file: string, { version }: Catalogue, constants: readonly string[]): Promise<void> {
  const head = `// Made by scripts/generate-guard-functions.ts from the catalogues of PostgreSQL ${version}. Do not edit.\n`;
  await writeFile(new URL(file, TARGET), [head, ...constants].join('\n'));
}

async function main([url, ...lists]: readonly string[]): Promise<void> {
  if (url === undefined) throw new Error('Usage: generate-guard-functions.ts postgres://… [pgNN.csv …]');
  const catalogue = await readCatalogue(url, lists);
  const isHarmless = ([name, volatility]: readonly [string, string]) =>
    !catalogue.internal.has(name) && isAllowed(name, volatility);
  const names = (allowed: boolean) =>
    [...catalogue.volatility].filter((entry) => isHarmless(entry) === allowed).map(([name]) => name);
  await write('function-names.ts', catalogue, [
    constant('ALLOWED_FUNCTIONS', 'Functions of pg_catalog that a read may call.', names(true)),
    constant('REFUSED_FUNCTIONS', 'The other functions of pg_catalog; known only to say why.', names(false)),
  ]);
  await write('contrib-names.ts', catalogue, [
    constant('CONTRIB_FUNCTIONS', 'Functions of extensions that only compute.', catalogue.contrib.functions),
    constant('CONTRIB_OPERATORS', 'Operators of those extensions.', catalogue.contrib.operators),
    constant('CONTRIB_TYPES', 'Types of those extensions.', catalogue.contrib.types),
  ]);
  const relations = [...new Set([...catalogue.relations, ...words(NEWER_RELATIONS)])];
  const refused = words(REFUSED_RELATIONS);
  await write('catalogue-names.ts', catalogue, [
    constant('TYPES', 'Types of pg_catalog; their casts and input functions are harmless.', catalogue.types),
    constant('OPERATORS', 'Operators of pg_catalog.', catalogue.operators),
    constant(
      'RELATIONS',
      'Relations of pg_catalog that a read may name.',
      relations.filter((name) => !refused.includes(name)),
    ),
  ]);
}

await main(process.argv.slice(2));
