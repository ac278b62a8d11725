import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { closest } from '../closest.ts';
import { CustardError } from '../errors.ts';
import { KIB } from '../protocol/limits.ts';
import type { Policy } from './policy.ts';
import { PolicyDocument } from './policy-document.ts';

export const MAX_POLICY_BYTES = 256 * KIB;

const HINT = 'docs/policy.md has the format, with examples.';

/**
 * A policy from the text of its file (YAML 1.2).
 * @param source how messages call the file
 * @throws CONFIG_INVALID with the place of everything that is wrong; values are not repeated
 */
export function parsePolicy(text: string, source: string): Policy {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: '1.2' });
  // Warnings are about tags and directives that this reader does not know; no policy needs one.
  const [broken] = [...document.errors, ...document.warnings];
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw invalid(source, [
      `line ${line}, column ${col}: it is not YAML (${YAML_PROBLEMS[broken.code] ?? broken.code})`,
    ]);
  }
  const parsed = PolicyDocument.safeParse(toData(document, source));
  if (parsed.success) return parsed.data;
  throw invalid(
    source,
    parsed.error.issues.flatMap((issue) => describe(issue, document, lines)),
  );
}

/** yaml's own messages quote the file. */
const YAML_PROBLEMS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'the indentation or a bracket is off',
  TAB_AS_INDENT: 'a tab indents; use spaces',
  DUPLICATE_KEY: 'the key is there twice',
  MISSING_CHAR: 'a quote, bracket or colon is missing',
  MULTIPLE_DOCS: 'there is more than one document',
  UNEXPECTED_TOKEN: 'something stands where nothing can',
  BAD_ALIAS: 'an alias names no anchor',
};

/** Aliases that multiply are an error of the library's. */
function toData(document: Document, source: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw invalid(source, ['its aliases name each other too often']);
  }
}

function invalid(source: string, problems: readonly string[]): CustardError {
  return new CustardError('CONFIG_INVALID', `The policy ${source} is not right: ${problems.join('; ')}.`, {
    hint: HINT,
  });
}

function describe(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const name = path.join('.');
  if (issue.code !== 'unrecognized_keys') {
    return [`line ${lineOf(document, path, lines)}: ${name === '' ? '' : `${name}: `}expected ${issue.message}`];
  }
  return issue.keys.map((key) => {
    const meant = closest(key, KEYS[name] ?? KEYS[name.replace(/\d+/g, '*')] ?? []);
    const where = keyLine(document, path, key, lines);
    return `line ${where}: there is no ${[name, key].filter(Boolean).join('.')}${meant === null ? '' : `; did you mean ${meant}?`}`;
  });
}

/** What each level of the file may hold, to find what a mistyped key meant. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['version', 'tables', 'columns', 'masks', 'views', 'limits', 'egress', 'posture'],
  tables: ['allow', 'deny'],
  columns: ['allow', 'deny'],
  'masks.*': ['columns', 'show'],
  views: ['trusted'],
  limits: ['rows', 'bytes', 'time'],
};

/** Of the node at the path or, where there is none, of what would hold it. */
function lineOf(document: Document, path: readonly (string | number)[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function keyLine(document: Document, path: readonly (string | number)[], key: string, lines: LineCounter): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const found = isMap(map) ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined;
  const range = isScalar(found?.key) ? found.key.range : undefined;
  return range ? lines.linePos(range[0]).line : lineOf(document, path, lines);
}
