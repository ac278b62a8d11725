export type TokenKind = 'name' | 'keyword' | 'string' | 'number' | 'blob' | 'variable' | 'symbol' | 'end';

/** What the parsers of ours work on; each dialect has a tokenizer of its own. */
export interface Token {
  readonly kind: TokenKind;
  /** Keywords in upper case, names and strings without their quotes, everything else as written. */
  readonly text: string;
  /** In UTF-16 units. */
  readonly offset: number;
}
