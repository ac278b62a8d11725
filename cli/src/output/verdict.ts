import type { Dialect } from '#core/dialects.ts';
import type { ErrorCode, Position } from '#core/errors.ts';
import type { Allowed, Denied, TableName, Verdict } from '#core/guard/verdict.ts';
import { fitEnd, fitText, widthOf } from './cells.ts';
import { safe } from './safe.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** A verdict as JSON has it: always all members. What a refused statement reads is not known: the lists are empty. */
interface VerdictBody {
  readonly verdict: 'allow' | 'deny';
  readonly code: ErrorCode | null;
  readonly reason: string | null;
  /** With the schema where the statement says it, as in custard.answer/1. */
  readonly tables: readonly string[];
  readonly columns: readonly string[];
  readonly functions: readonly string[];
}

export function verdictBody(verdict: Verdict): VerdictBody {
  if (verdict.verdict === 'deny') {
    const { code, reason } = verdict;
    return { verdict: 'deny', code, reason, tables: [], columns: [], functions: [] };
  }
  const { tables, columns, functions } = verdict;
  return { verdict: 'allow', code: null, reason: null, tables: tables.map(tableName), columns, functions };
}

const tableName = ({ schema, name }: TableName): string => (schema === null ? name : `${schema}.${name}`);

interface TextOptions {
  readonly statement: string;
  readonly dialect: Dialect;
  /** Of the terminal. */
  readonly columns: number;
  readonly style: Style;
}

const INDENT = '  ';
/** Of the statement's line, where there is no terminal to say how much fits. */
const EXCERPT_COLUMNS = 100;

/** For people: a sign and a word, then what is read, or why not and where. */
export function verdictText({ verdict, ...options }: TextOptions & { readonly verdict: Verdict }): string {
  const lines = verdict.verdict === 'allow' ? allowedLines(verdict, options) : deniedLines(verdict, options);
  return `${lines.join('\n')}\n`;
}

function allowedLines(verdict: Allowed, { dialect, columns, style }: TextOptions): string[] {
  const { tables, columns: names, functions } = verdictBody(verdict);
  const lists = Object.entries({ tables, columns: names, functions }).filter(([, items]) => items.length > 0);
  return [
    `${style('green', '✓ allowed')} ${style('dim', `· ${dialect}`)}`,
    ...lists.flatMap(([label, items]) => {
      const head = `${INDENT}${label.padEnd('functions'.length)}  `;
      const lines = wrap(items.map(safe).join(', '), columns - head.length);
      return lines.map((line, i) => `${i === 0 ? style('dim', head) : ' '.repeat(head.length)}${line}`);
    }),
  ];
}

function deniedLines({ code, reason, hint, where }: Denied, { statement, columns, style }: TextOptions): string[] {
  const sentences = [reason, ...(hint === undefined ? [] : [hint])];
  const text = sentences.flatMap((sentence) => wrap(safe(sentence), columns - INDENT.length));
  return [
    `${style('red', '✗ denied')} ${style('dim', `· ${code}`)}`,
    ...text.map((line) => INDENT + line),
    ...(where === undefined ? [] : placeLines(statement, where, { columns, style })),
  ];
}

/** The statement's line with a caret under the place, cut on both sides to what fits. */
function placeLines(
  statement: string,
  { line, column }: Position,
  { columns, style }: Pick<TextOptions, 'columns' | 'style'>,
): string[] {
  const characters = [...(statement.split(/\r?\n/)[line - 1] ?? '').replaceAll('\t', ' ')];
  const before = safe(characters.slice(0, column - 1).join(''));
  const after = safe(characters.slice(column - 1).join(''));
  const room = Math.min(columns, EXCERPT_COLUMNS) - INDENT.length - '^'.length;
  const segmenter = new Intl.Segmenter();
  const left = fitEnd(before, Math.max(Math.floor(room / 2), room - widthOf(after)), segmenter);
  const right = fitText(after, room - widthOf(left), segmenter);
  return [
    `${INDENT}${style('dim', `line ${line}, column ${column}:`)}`,
    `${INDENT}${left}${right}`,
    `${INDENT}${' '.repeat(widthOf(left))}${style('red', '^')}`,
  ];
}
