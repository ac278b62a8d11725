import { LINKING_VERBS, PARTICIPLES } from '../lexicon/glue.ts';
import type { ColumnEntry, Entry, TableEntry } from '../schema-index/entries.ts';
import type { Token } from '../text/tokenize.ts';
import type { Candidate } from './mention.ts';
import { columnQuality, tableQuality } from './name-quality.ts';
import type { Piece, Pieces } from './word-pieces.ts';

/** A span [from, to) of the question and one table or column it may name. */
export interface NameLink {
  readonly from: number;
  readonly to: number;
  readonly candidate: Candidate;
}

const WORST_QUALITY = 0.5;

/** Every span that names a table or a column, wholly or in part. */
export function linkNames(tokens: readonly Token[], pieces: Pieces): NameLink[] {
  const links: NameLink[] = [];
  tokens.forEach((_, start) => {
    for (const entry of pieces.entriesAt(start)) {
      if (entry.kind === 'table') links.push(...tableLinks(entry, start, tokens, pieces));
      else links.push(...columnLinks(entry, start, start, [], tokens, pieces));
    }
  });
  return links;
}

function tableLinks(table: TableEntry, start: number, tokens: readonly Token[], pieces: Pieces): NameLink[] {
  const runs = runsOf(table, start, tokens, pieces);
  const links: NameLink[] = [];
  for (const run of runs) {
    const quality = tableQuality(table, run.pieces);
    if (quality < WORST_QUALITY) continue;
    links.push({ from: start, to: run.to, candidate: { kind: 'table', table, quality } });
    // "stadium name", "singers' ages": the table's own name before one of its columns.
    const next = tokens[run.to]?.lower === "'s" ? run.to + 1 : run.to;
    if (quality < 0.8 || isVerb(tokens, next)) continue;
    for (const entry of pieces.entriesAt(next)) {
      if (entry.kind === 'column' && entry.table === table && !isThirdPerson(tokens, next, entry, pieces)) {
        links.push(...columnLinks(entry, start, next, run.pieces, tokens, pieces));
      }
    }
  }
  return links;
}

function columnLinks(
  column: ColumnEntry,
  from: number,
  start: number,
  tablePieces: readonly Piece[],
  tokens: readonly Token[],
  pieces: Pieces,
): NameLink[] {
  return runsOf(column, start, tokens, pieces).flatMap((run) => {
    if (run.to === start + 1 && tokens[start]?.lower === 'list') return [];
    const quality = columnQuality(column, run.pieces, tablePieces);
    if (quality < WORST_QUALITY) return [];
    const namesTable = tablePieces.length > 0;
    return [{ from, to: run.to, candidate: { kind: 'column', column, quality, namesTable } } as const];
  });
}

interface Run {
  readonly to: number;
  readonly pieces: readonly Piece[];
}

/** Runs of words from `start` that all belong to the entry's name, each of its words used once; "type of pet" counts. */
function runsOf(entry: Entry, start: number, tokens: readonly Token[], pieces: Pieces): Run[] {
  const runs: Run[] = [];
  const taken: Piece[] = [];
  let at = start;
  while (at < tokens.length) {
    const piece = pieces
      .at(at, entry)
      .find(({ words }) => !words.some((word) => taken.some((other) => other.words.includes(word))));
    const nearly = entry.kind === 'table' || (piece !== undefined && piece.quality < 1);
    if (taken.length > 0 && nearly && isVerb(tokens, at)) break;
    if (piece === undefined) {
      if (taken.length === 0 || !isConnector(tokens, at) || taken.length >= entry.words.length) break;
      at = skipConnectors(tokens, at);
      // "codes of the countries": the countries are a table; what follows is said of them.
      if (pieces.at(at, entry).length === 0 || (namesTable(at, pieces) && !completesCount(entry, taken, at, pieces)))
        break;
      continue;
    }
    taken.push(piece);
    at = piece.to;
    runs.push({ to: at, pieces: [...taken] });
  }
  return runs;
}

/** "number of hosts", where a column of that very name holds how many there are. */
function completesCount(entry: Entry, taken: readonly Piece[], at: number, pieces: Pieces): boolean {
  const said = new Set([...taken, ...pieces.at(at, entry).slice(0, 1)].flatMap(({ words }) => words));
  return entry.words[0] === 'number' && entry.words.every((word) => said.has(word));
}

/** "employees earn", "cartoons directed by": what follows is said of them. */
function isVerb(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined || tokens[at - 1]?.lower === "'s") return false;
  const plural = tokens[at - 1]?.lower.endsWith('s') === true;
  return isParticiple(tokens, at) || (plural && LINKING_VERBS.has(token.stem) && !token.lower.endsWith('s'));
}

/** "which physician earns the most": a verb in -s that only means nearly what a column is called. */
function isThirdPerson(tokens: readonly Token[], at: number, entry: Entry, pieces: Pieces): boolean {
  const token = tokens[at];
  if (token === undefined || tokens[at - 1]?.lower === "'s") return false;
  const verb = token.lower.endsWith('s') && (LINKING_VERBS.has(token.stem) || token.stem === 'earn');
  return verb && pieces.at(at, entry).every(({ quality }) => quality < 1);
}

/** "cartoons directed by": the verb begins what is said of the cartoons. */
function isParticiple(tokens: readonly Token[], at: number): boolean {
  const word = tokens[at]?.lower ?? '';
  if (['named', 'called', 'titled'].includes(word)) return true;
  return (/(ed|en|ing)$/.test(word) || PARTICIPLES.has(word)) && FOLLOWS_VERB.has(tokens[at + 1]?.lower ?? '');
}

const FOLLOWS_VERB = new Set([
  'by',
  'in',
  'on',
  'at',
  'from',
  'to',
  'after',
  'before',
  'between',
  'since',
  'with',
  'for',
  'up',
  'off',
  'out',
]);

/** A word that is all of a table's name. */
function namesTable(at: number, pieces: Pieces): boolean {
  for (const entry of pieces.entriesAt(at)) {
    if (entry.kind === 'table' && entry.words.length === 1 && pieces.at(at, entry).some(({ quality }) => quality === 1))
      return true;
  }
  return false;
}

const isConnector = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.lower === 'of' || tokens[at]?.lower === "'s";

function skipConnectors(tokens: readonly Token[], at: number): number {
  const next = at + 1;
  return tokens[next]?.lower === 'the' ? next + 1 : next;
}
