import { Refused } from '../classify.ts';
import type { Token } from './token.ts';

/** Far more than any engine's own limit on expressions allows in practice, and well within a thread's stack. */
const MAX_DEPTH = 400;

/** What a dialect's keywords may also be. */
export interface Names {
  /** As messages say it: "SQLite". */
  readonly dialect: string;
  /** Whether a token is a name where the grammar wants one. */
  readonly isName: (token: Token) => boolean;
  /** Whether a token is an alias where no AS stands before it. */
  readonly isBareAlias: (token: Token) => boolean;
}

/** A place in the tokens of one statement. */
export class Cursor {
  readonly #tokens: readonly Token[];
  readonly #names: Names;
  readonly #end: Token;
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], names: Names) {
    this.#tokens = tokens;
    this.#names = names;
    this.#end = tokens.at(-1) ?? { kind: 'end', text: '', offset: 0 };
  }

  /** How many tokens have been taken. */
  get index(): number {
    return this.#index;
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

  atName(ahead = 0): boolean {
    return this.#names.isName(this.peek(ahead));
  }

  atBareAlias(): boolean {
    return this.#names.isBareAlias(this.peek());
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
      reason: `The guard cannot parse the statement as ${this.#names.dialect}'s SELECT: ${expectation}, found ${found}.`,
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
