import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier } from '../../quote-identifier.ts';
import { query, textOrNull } from '../query.ts';
import { NULL_MARKERS, type TypeChoice, type TypeFamily } from './type-families.ts';

export interface TextColumn {
  readonly name: string;
  readonly families: readonly TypeFamily[];
}

/** How a column goes into its table. */
export interface TypedColumn {
  readonly name: string;
  /** SQL over the source's column. */
  readonly expression: string;
  /** What the user should know of it, as the rest of a sentence that begins with the column's name. */
  readonly note?: string;
}

const SAMPLE_ROWS = 2_000;
const SAMPLE_VALUES = 200_000;
/** No value of a type but text is longer. */
const SAMPLE_CHARACTERS = 100;
/** Each is a few aggregates, and DuckDB keeps a part of its memory for each of their steps. */
const FAMILIES_PER_STATEMENT = 40;

interface Candidate {
  readonly column: TextColumn;
  readonly family: TypeFamily;
}
type Chosen = TypeChoice & { readonly hasMarkers: boolean };

/**
 * The types of texts: of those that the first rows allow, the first that every row allows. The whole source is read once,
 * and once more where the first rows were no good example.
 */
export async function inferTypes(
  connection: DuckDBConnection,
  { source, columns }: { readonly source: string; readonly columns: readonly TextColumn[] },
): Promise<TypedColumn[]> {
  const possible = await possibleFor(connection, source, columns);
  const byColumn = Map.groupBy(possible, ({ column }) => column);
  const firsts = [...byColumn.values()].flatMap((found) => found.slice(0, 1));
  const proven = await holding(connection, source, firsts);
  const settled = new Set(proven.map(({ column }) => column));
  const others = possible.filter((one) => !settled.has(one.column) && !firsts.includes(one));
  const provenLater = await holding(connection, source, others);
  return columns.map((column) =>
    typed(column, [...proven, ...provenLater].find((one) => one.column === column)?.chosen),
  );
}

/** By the looks of the first rows' texts. */
async function possibleFor(
  connection: DuckDBConnection,
  source: string,
  columns: readonly TextColumn[],
): Promise<readonly Candidate[]> {
  const texts = columns.map(({ name }, index) => `left(${quoteIdentifier(name)}, ${SAMPLE_CHARACTERS}) AS f${index}`);
  const count = Math.min(SAMPLE_ROWS, Math.ceil(SAMPLE_VALUES / columns.length));
  const rows = await query(connection, `SELECT ${texts.join(', ')} FROM ${source} LIMIT ${count}`);
  return columns.flatMap((column, index) => {
    const found = new Set(rows.map((row) => textOrNull(row, `f${index}`)?.trim() ?? '').filter(isValue));
    const fits = ({ form }: TypeFamily) => found.size > 0 && found.values().every((text) => form.test(text));
    return column.families.filter(fits).map((family) => ({ column, family }));
  });
}

interface Held extends Candidate {
  readonly chosen: Chosen;
}

/** Those of the candidates that all rows allow, in their order. */
async function holding(
  connection: DuckDBConnection,
  source: string,
  candidates: readonly Candidate[],
): Promise<readonly Held[]> {
  const held: Held[] = [];
  // Nothing is read where nothing is asked
  for (let from = 0; from < candidates.length; from += FAMILIES_PER_STATEMENT) {
    const part = candidates.slice(from, from + FAMILIES_PER_STATEMENT);
    held.push(...(await holdingOf(connection, source, part)));
  }
  return held;
}

async function holdingOf(
  connection: DuckDBConnection,
  source: string,
  candidates: readonly Candidate[],
): Promise<readonly Held[]> {
  const columns = [...new Set(candidates.map(({ column }) => column))];
  const named = new Map(columns.map((column, index) => [column, `x${index}`]));
  const trimmed = columns.map(({ name }, index) => `${trimmedText(name)} AS t${index}`);
  const texts = columns.map((_, index) => `t${index}, ${withoutMarkers(`t${index}`)} AS x${index}`);
  const figures = candidates.map(({ column, family }) => family.figures(named.get(column) ?? ''));
  const nulls = columns.flatMap((_, index) => [
    `count(x${index})`,
    `bool_or(x${index} IS NULL AND t${index} IS NOT NULL)`,
  ]);
  const list = [...nulls, ...figures.flat()].map((sql, index) => `${sql} AS f${index}`);
  const [row = {}] = await query(
    connection,
    `SELECT ${list.join(', ')} FROM (SELECT ${texts.join(', ')} FROM (SELECT ${trimmed.join(', ')} FROM ${source}))`,
  );
  let at = nulls.length;
  return candidates.flatMap(({ column, family }, index) => {
    const own = (figures[index] ?? []).map(() => row[`f${at++}`]);
    const place = columns.indexOf(column) * 2;
    const chosen = Number(row[`f${place}`]) > 0 ? family.choose(own) : null;
    return chosen === null
      ? []
      : [{ column, family, chosen: { ...chosen, hasMarkers: row[`f${place + 1}`] === true } }];
  });
}

function typed({ name }: TextColumn, chosen: Chosen | undefined): TypedColumn {
  const plain = quoteIdentifier(name);
  if (chosen === undefined) return { name, expression: plain };
  if (chosen.doubt !== undefined) return { name, expression: plain, note: `stays text: ${chosen.doubt}` };
  const text = trimmedText(name);
  if (!chosen.hasMarkers) return { name, expression: chosen.cast(text) };
  return { name, expression: chosen.cast(withoutMarkers(text)), note: 'has NA or the like for "no value"' };
}

const isValue = (text: string): boolean => text !== '' && !NULL_MARKERS.some((marker) => marker === text);

const trimmedText = (name: string): string => `nullif(trim(${quoteIdentifier(name)}), '')`;
/** The markers begin with N, n or #: what begins with a digit is not compared with them. */
const withoutMarkers = (text: string): string =>
  `CASE WHEN (${text} >= 'N' OR ${text} < '$') AND regexp_full_match(${text}, '${NULL_MARKERS.join('|')}') THEN NULL ELSE ${text} END`;
