import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { closest } from './closest.ts';
import { CustardError } from './errors.ts';

/** Where something stands in the document: keys and indexes from its root. */
type Path = readonly (string | number)[];

interface StrictYamlOptions<T> {
  readonly schema: z.ZodType<T>;
  /** How messages call the file: "The policy policy.yaml". */
  readonly called: string;
  /** What to do about an error. */
  readonly hint: string;
  /** What each level may hold, its path with `*` for an index, to find what a mistyped key meant. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

export interface StrictYaml<T> {
  readonly data: T;
  /** "line 3, column 5" of what is at the path or, where nothing is, of what would hold it. */
  place(path: Path): string;
}

/**
 * A file that people write (YAML 1.2), taken whole or not at all.
 * @throws CONFIG_INVALID with the place of everything that is wrong; values are not repeated
 */
export function parseStrictYaml<T>(text: string, options: StrictYamlOptions<T>): StrictYaml<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: '1.2' });
  const places = new Places(document, lines);
  const fail = (problems: readonly string[]): never => {
    throw new CustardError('CONFIG_INVALID', `${options.called} is not right: ${problems.join('; ')}.`, {
      hint: options.hint,
    });
  };
  // Warnings are about tags and directives that this reader does not know; no file of ours needs one.
  const [broken] = [...document.errors, ...document.warnings];
  if (broken !== undefined) {
    return fail([`${places.at(broken.pos[0])}: it is not YAML (${YAML_PROBLEMS[broken.code] ?? broken.code})`]);
  }
  const parsed = options.schema.safeParse(toData(document, () => fail(['its aliases name each other too often'])));
  if (!parsed.success) return fail(parsed.error.issues.flatMap((issue) => describe(issue, places, options.keys)));
  return { data: parsed.data, place: (path) => places.of(path) };
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
function toData(document: Document, onTooMany: () => never): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return onTooMany();
  }
}

function describe(
  issue: z.core.$ZodIssue,
  places: Places,
  keys: Readonly<Record<string, readonly string[]>>,
): string[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const name = path.join('.');
  if (issue.code !== 'unrecognized_keys') {
    return [`${places.of(path)}: ${name === '' ? '' : `${name}: `}expected ${issue.message}`];
  }
  return issue.keys.map((key) => {
    const meant = closest(key, keys[name] ?? keys[name.replace(/\d+/g, '*')] ?? []);
    const advice = meant === null ? '' : `; did you mean ${meant}?`;
    return `${places.ofKey(path, key)}: there is no ${[name, key].filter(Boolean).join('.')}${advice}`;
  });
}

class Places {
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `line ${Math.max(line, 1)}, column ${Math.max(col, 1)}`;
  }

  of(path: Path): string {
    for (let length = path.length; length > 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.at(node.range[0]);
    }
    return this.at(0);
  }

  ofKey(path: Path, key: string): string {
    const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    const item = isMap(map) ? map.items.find(({ key: one }) => isScalar(one) && String(one.value) === key) : undefined;
    const range = isScalar(item?.key) ? item.key.range : undefined;
    return range ? this.at(range[0]) : this.of(path);
  }
}
