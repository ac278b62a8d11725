import { Refused } from '../../classify.ts';
import { JOIN_KEYWORD_SET, RESERVED_KEYWORDS } from './keywords.ts';
import type { Token } from './tokenize.ts';

/** Far more than SQLite's own limit on expressions allows in practice, and well within a thread's stack. */
const MAX_DEPTH = 400;

/** A place in the tokens of one statement. */
export class Cursor {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#end = tokens.at(-1) ?? { kind: 'end', text: '', offset: 0 };
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? this.#end;
  }

  take(): Token {
    const token = this.peek();
    this.#index++;
    return token;
  }

  at(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === 'keyword' || token.kind === 'symbol') && token.text === text;
  }

  atAny(texts: ReadonlySet<string>, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === 'keyword' || token.kind === 'symbol') && texts.has(token.text);
  }

  accept(...texts: readonly string[]): boolean {
    if (!texts.every((text, index) => this.at(text, index))) return false;
    this.#index += texts.length;
    return true;
  }

  expect(text: string): Token {
    if (!this.at(text)) this.fail(`expected ${text}`);
    return this.take();
  }

  /** `nm` of SQLite's grammar: any name, a string literal, or a keyword that is not reserved. */
  atName(ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === 'name' || kind === 'string' || (kind === 'keyword' && !RESERVED_KEYWORDS.has(text));
  }

  /** What may be an alias without AS: as `nm`, without the keywords of joins. */
  atBareAlias(): boolean {
    const { kind, text } = this.peek();
    return this.atName() && !(kind === 'keyword' && (JOIN_KEYWORD_SET.has(text) || text === 'INDEXED'));
  }

  name(): Token {
    if (!this.atName()) this.fail('expected a name');
    return this.take();
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > MAX_DEPTH) {
      throw new Refused({
        code: 'CONSTRUCT_NOT_ALLOWED',
        reason: 'The statement is nested too deeply.',
        hint: 'Write it with fewer levels: subqueries as WITH.',
        offset: this.peek().offset,
      });
    }
    const result = parse();
    this.#depth--;
    return result;
  }

  /** Names the token only where it cannot be a literal. */
  fail(expectation: string): never {
    const { kind, text, offset } = this.peek();
    const found = kind === 'keyword' || kind === 'symbol' ? `${text}` : FOUND[kind];
    throw new Refused({
      code: 'STATEMENT_INVALID',
      reason: `The guard cannot parse the statement as SQLite's SELECT: ${expectation}, found ${found}.`,
      hint: 'Correct the statement there.',
      offset,
    });
  }
}

const FOUND = {
  name: 'a name',
  string: 'a string',
  number: 'a number',
  blob: 'a blob',
  variable: 'a parameter',
  end: 'the end of the statement',
};
