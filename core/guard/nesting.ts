/** Levels, opened comments and operator characters in a row at most; people and models stay below a hundredth of it. */
const MAX_NESTING = 2_000;

/** PostgreSQL's scanner takes a time that grows with the square of these. */
const OPERATOR_RUN = new RegExp(`[-+*/<>=~!@#%^&|\`?]{${MAX_NESTING}}`);

/**
 * Whether a statement may cost the parser its stack, which is the thread's and ends the instance, or seconds. Asked
 * before parsing; quoting that the scan gets wrong makes it a worse estimate, and the parser's crash is a refusal too.
 */
export function isTooDeep(statement: string): boolean {
  if (statement.length <= MAX_NESTING) return false;
  const comments = statement.split('/*').length;
  return comments > MAX_NESTING || OPERATOR_RUN.test(statement) || nestingOf(statement) > MAX_NESTING;
}

const TOKENS =
  /--[^\n]*|\/\*(?:[\s\S]*?\*\/|[\s\S]*)|(?:'[^']*')+|"[^"]*"|\$(\w*)\$(?:[\s\S]*?\$\1\$|[\s\S]*)|[\w.$\u0080-\uFFFF]+|[-+*/<>=~!@#%^&|`?:]+|[()[\],;]/g;

/** After these a new row begins beside the one before, not inside it. */
const BREAKS: ReadonlySet<string> = new Set([
  ...[
    ',',
    ';',
    'and',
    'or',
    'when',
    'then',
    'else',
    'where',
    'from',
    'on',
    'group',
    'order',
    'having',
    'limit',
    'values',
  ],
]);
const OPENING: ReadonlySet<string> = new Set(['(', '[', 'case']);
const CLOSING: ReadonlySet<string> = new Set([')', ']', 'end']);
/** Each of them holds all that stood before it in the same parentheses, over any break. */
const CHAINING: ReadonlySet<string> = new Set(['join', 'union', 'except', 'intersect']);

/** An upper bound of the levels a statement nests: each token of an unbroken row counts as one. */
function nestingOf(statement: string): number {
  const open: { chains: number; row: number }[] = [];
  let level = { chains: 0, row: 0 };
  let around = 0;
  let deepest = 0;
  for (const [text] of statement.matchAll(TOKENS)) {
    const token = text.toLowerCase();
    if (OPENING.has(token)) {
      around += level.chains + level.row + 1;
      open.push(level);
      level = { chains: 0, row: 0 };
    } else if (CLOSING.has(token)) {
      level = open.pop() ?? { chains: 0, row: 0 };
      around -= level.chains + level.row + 1;
      level.row++;
    } else if (CHAINING.has(token)) level = { chains: level.chains + 1, row: 0 };
    else if (BREAKS.has(token)) level.row = 0;
    else level.row++;
    deepest = Math.max(deepest, around + level.chains + level.row);
  }
  return deepest;
}
