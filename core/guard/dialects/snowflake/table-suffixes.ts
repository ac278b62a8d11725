import { type Parsing, parseList } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import type { TableName } from '../../verdict.ts';
import { words } from '../../words.ts';
import { acceptAlias } from './keywords.ts';
import { parseMatchRecognize } from './match-recognize.ts';
import { parsePivot, parseUnpivot } from './pivot.ts';
import { parseNames } from './query.ts';

/** One thing in FROM, before its alias. */
interface Source {
  /** Null where its columns are made in the statement. */
  readonly table: TableName | null;
  /** What it is called without an alias. */
  readonly name: Token | undefined;
}

/** What a source was given: `everything` where all its columns count as read. */
type Found = 'nothing' | 'alias' | 'everything';

/** Time travel, CHANGES, PIVOT, UNPIVOT, MATCH_RECOGNIZE, SAMPLE and aliases, in any order and number. */
export function parseSuffixes(parsing: Parsing, scope: Scope, { table, name }: Source): Found {
  const { cursor, notes } = parsing;
  const { offset } = name ?? cursor.peek();
  let alias = name?.text;
  let found: Found = 'nothing';
  let mayHaveAlias = true;
  for (;;) {
    const suffix = acceptSuffix(parsing, scope);
    if (suffix === 'everything') found = suffix;
    if (suffix !== undefined) {
      mayHaveAlias = true;
      continue;
    }
    const token = mayHaveAlias ? acceptAlias(cursor) : undefined;
    if (token === undefined) break;
    mayHaveAlias = false;
    alias = token.text;
    if (found === 'nothing') found = 'alias';
    // A list of columns renames them.
    if (cursor.at('(')) {
      parseNames(parsing);
      found = 'everything';
    }
  }
  if (alias === undefined) return found;
  scope.addSource(alias, table);
  if (found === 'everything' && table !== null) notes.column([alias, '*'], scope, offset);
  return found;
}

/** Those that read columns without naming them, or make others of them, answer `everything`. */
function acceptSuffix(parsing: Parsing, scope: Scope): 'everything' | 'other' | undefined {
  const { cursor } = parsing;
  const isParenthesized = cursor.at('(', 1);
  // `t AT (a, b)` is an alias with a list of columns.
  if (cursor.atAny(MOMENTS) && isParenthesized && cursor.at('=>', 3)) parseMoment(parsing, scope);
  else if (cursor.atAny(SAMPLES)) parseSample(parsing, scope);
  else {
    if (cursor.at('CHANGES') && isParenthesized && cursor.at('=>', 3)) parseChanges(parsing);
    else if (cursor.at('PIVOT') && isParenthesized) parsePivot(parsing, scope);
    else if (cursor.at('UNPIVOT') && (isParenthesized || cursor.at('NULLS', 2))) parseUnpivot(parsing, scope);
    else if (cursor.at('MATCH_RECOGNIZE') && isParenthesized) parseMatchRecognize(parsing, scope);
    else if (cursor.at('RESAMPLE') && isParenthesized && cursor.at('USING', 2)) parseResample(parsing, scope);
    else return undefined;
    return 'everything';
  }
  return 'other';
}

/** `AT (OFFSET => -60)`, `BEFORE (STATEMENT => '…')`: an earlier state of the same table. */
function parseMoment(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.take();
  cursor.expect('(');
  if (!cursor.atAny(MOMENT_KINDS)) cursor.fail('expected TIMESTAMP, OFFSET, STATEMENT or STREAM');
  cursor.take();
  cursor.expect('=>');
  parsing.expression(scope);
  cursor.expect(')');
}

const MOMENTS = words('AT BEFORE END');
const MOMENT_KINDS = words('TIMESTAMP OFFSET STATEMENT STREAM VERSION');

/** `CHANGES (INFORMATION => DEFAULT)`; the moments it lies between follow as suffixes of their own. */
function parseChanges({ cursor }: Parsing): void {
  cursor.take();
  cursor.expect('(');
  cursor.expect('INFORMATION');
  cursor.expect('=>');
  if (!cursor.accept('DEFAULT')) cursor.expect('APPEND_ONLY');
  cursor.expect(')');
}

/** `RESAMPLE (USING a INCREMENT BY INTERVAL '5 minutes' PARTITION BY b METADATA_COLUMNS bucket_start() AS c)`. */
function parseResample(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.take();
  cursor.expect('(');
  cursor.expect('USING');
  parsing.expression(scope);
  cursor.expect('INCREMENT');
  cursor.expect('BY');
  parsing.expression(scope);
  if (cursor.accept('PARTITION', 'BY')) parseList(parsing, scope);
  if (cursor.accept('METADATA_COLUMNS')) {
    do {
      if (!cursor.atAny(METADATA)) cursor.fail('expected IS_GENERATED or BUCKET_START');
      cursor.take();
      cursor.expect('(');
      cursor.expect(')');
      acceptAlias(cursor);
    } while (cursor.accept(','));
  }
  cursor.expect(')');
}

const METADATA = words('IS_GENERATED BUCKET_START');
const SAMPLES = words('SAMPLE TABLESAMPLE');
const METHODS = words('BERNOULLI ROW SYSTEM BLOCK');

/** `SAMPLE ROW (10 ROWS) SEED (1)`. */
function parseSample(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.take();
  if (cursor.atAny(METHODS)) cursor.take();
  cursor.expect('(');
  parsing.expression(scope);
  cursor.accept('ROWS');
  cursor.expect(')');
  if ((cursor.at('SEED') || cursor.at('REPEATABLE')) && cursor.at('(', 1)) {
    cursor.take();
    cursor.take();
    parsing.expression(scope);
    cursor.expect(')');
  }
}
