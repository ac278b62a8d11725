import type { Mentions } from '../link/link-question.ts';
import { columnsOf, type Mention, tablesOf, valuesOf } from '../link/mention.ts';
import type { Token } from '../text/tokenize.ts';

/** A place in the question, moved forward by what has been understood and back by what has not. */
export class Cursor {
  at = 0;
  /** The farthest token any attempt could not place; what an UNSURE names. */
  farthest = 0;
  /** Where "and" follows on "or": which of the two binds closer nobody can tell. */
  undecided = -1;
  /** How many nouns around this one something may be said of. */
  depth = 0;
  readonly tokens: readonly Token[];
  readonly today: string;
  private readonly mentions: Mentions;

  constructor(tokens: readonly Token[], mentions: Mentions, today: string) {
    this.tokens = tokens;
    this.mentions = mentions;
    this.today = today;
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  peek(offset = 0): Token | undefined {
    return this.tokens[this.at + offset];
  }

  is(...words: readonly string[]): boolean {
    const lower = this.peek()?.lower;
    return lower !== undefined && this.peek()?.kind !== 'quoted' && words.includes(lower);
  }

  advance(count = 1): void {
    this.at += count;
    this.farthest = Math.max(this.farthest, this.at);
  }

  /** Moves past the phrase if it stands here. */
  eat(...phrases: readonly string[]): boolean {
    for (const phrase of phrases) {
      const length = this.phraseLength(phrase);
      if (length > 0) {
        this.advance(length);
        return true;
      }
    }
    return false;
  }

  /** The entry of the table whose phrase is the longest that stands here; moves past it. */
  eatLongest<T>(table: ReadonlyMap<string, T>): T | undefined {
    for (let length = 4; length >= 1; length--) {
      const found = table.get(this.text(length));
      if (found !== undefined && this.at + length <= this.tokens.length) {
        this.advance(length);
        return found;
      }
    }
    return undefined;
  }

  /** The next words are the whole name of a column: "maximum aperture" of max_aperture is no maximum. */
  get onName(): boolean {
    const mention = this.mention('column');
    const exact = (mention?.candidates ?? []).some(({ kind, quality }) => kind === 'column' && quality > 0.98);
    return mention !== null && mention.to > this.at + 1 && exact;
  }

  /** Tries; where the attempt gives null the cursor is back where it was. */
  attempt<T>(parse: () => T | null): T | null {
    const start = this.at;
    const result = parse();
    if (result === null) this.at = start;
    return result;
  }

  /** Reads what stands within what is said of another noun. */
  within<T>(parse: () => T): T {
    this.depth++;
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }

  /** The longest mention here that may be one of these kinds. Does not move. */
  mention(...kinds: readonly ('table' | 'column' | 'value' | 'measure')[]): Mention | null {
    for (const mention of this.mentions[this.at] ?? []) {
      if (kinds.length === 0 || kinds.some((kind) => KIND_LISTS[kind](mention).length > 0)) return mention;
    }
    return null;
  }

  take(mention: Mention): void {
    this.advance(mention.to - this.at);
  }

  private text(length: number): string {
    const words: string[] = [];
    for (let offset = 0; offset < length; offset++) {
      const token = this.peek(offset);
      if (token === undefined || token.kind === 'quoted') return '';
      words.push(token.lower);
    }
    return words.join(' ');
  }

  private phraseLength(phrase: string): number {
    const length = phrase.split(' ').length;
    return this.text(length) === phrase ? length : 0;
  }
}

const KIND_LISTS = {
  table: tablesOf,
  column: columnsOf,
  value: valuesOf,
  measure: (mention: Mention) => mention.candidates.filter(({ kind }) => kind === 'measure'),
} as const;
