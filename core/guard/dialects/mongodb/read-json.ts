import { Refused } from '../../classify.ts';
import type { Entry, Json } from './json.ts';

/** As deep as the server reads BSON; its manual promises 100. */
const MAX_DEPTH = 200;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORD = /true|false|null/y;
/** A string up to its end, its escapes not yet decoded: of whatever is no quote, no backslash and not below a space. */
const STRING = /"[ !#-[\]-\u{10ffff}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\u{10ffff}]*)*"/uy;

/**
 * JSON by RFC 8259 and not a character more, with what other readers differ on refused: a key given twice (one takes
 * the first, another the last), halves of surrogate pairs, NUL (BSON's keys end there), great depth.
 */
class JsonReader {
  readonly #text: string;
  #offset = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): Json {
    const json = this.#value();
    this.#skipSpace();
    const next = this.#text[this.#offset];
    if (next === undefined) return json;
    if (next !== '[' && next !== '{') return this.#fail('expected its end');
    throw new Refused({
      code: 'MULTIPLE_STATEMENTS',
      reason: 'There is more than one statement.',
      hint: 'Send one pipeline or one command at a time.',
      offset: this.#offset,
    });
  }

  #value(): Json {
    this.#skipSpace();
    const offset = this.#offset;
    switch (this.#text[offset]) {
      case '{':
        return this.#nested(() => ({ kind: 'object', entries: this.#entries(), offset }));
      case '[':
        return this.#nested(() => ({ kind: 'array', items: this.#items(), offset }));
      case '"':
        return { kind: 'string', text: this.#string(), offset };
      default:
        return this.#scalar(offset);
    }
  }

  #entries(): Entry[] {
    const entries: Entry[] = [];
    const keys = new Set<string>();
    this.#list('}', () => {
      const offset = this.#offset;
      if (this.#text[offset] !== '"') this.#fail('expected a key in double quotes');
      const key = this.#string();
      if (keys.has(key)) this.#failAt(offset, 'it gives a key twice in one object');
      keys.add(key);
      this.#skipSpace();
      if (this.#text[this.#offset] !== ':') this.#fail('expected a colon');
      this.#offset++;
      entries.push({ key, offset, value: this.#value() });
    });
    return entries;
  }

  #items(): Json[] {
    const items: Json[] = [];
    this.#list(']', () => items.push(this.#value()));
    return items;
  }

  /** From the opening bracket to the closing one. */
  #list(end: string, readItem: () => void): void {
    this.#offset++;
    this.#skipSpace();
    if (this.#text[this.#offset] === end) {
      this.#offset++;
      return;
    }
    for (;;) {
      this.#skipSpace();
      readItem();
      this.#skipSpace();
      const next = this.#text[this.#offset];
      if (next !== ',' && next !== end) this.#fail(`expected a comma or ${end}`);
      this.#offset++;
      if (next === end) return;
    }
  }

  #nested(read: () => Json): Json {
    if (++this.#depth > MAX_DEPTH) {
      throw new Refused({
        code: 'CONSTRUCT_NOT_ALLOWED',
        reason: 'The statement is nested too deeply.',
        hint: 'Write it with fewer levels: stages one after the other.',
        offset: this.#offset,
      });
    }
    const json = read();
    this.#depth--;
    return json;
  }

  #string(): string {
    const offset = this.#offset;
    const raw = this.#match(STRING) ?? this.#fail('a string does not end or holds what JSON does not allow');
    const text = raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
    if (text.includes('\0')) this.#failAt(offset, 'a string holds a NUL character');
    if (!text.isWellFormed()) this.#failAt(offset, 'a string holds half of a surrogate pair');
    return text;
  }

  #scalar(offset: number): Json {
    const word = this.#match(WORD);
    if (word === 'null') return { kind: 'null', offset };
    if (word !== undefined) return { kind: 'boolean', value: word === 'true', offset };
    const number = this.#match(NUMBER);
    if (number !== undefined) return { kind: 'number', value: Number(number), offset };
    return this.#fail('expected a value');
  }

  #skipSpace(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#text)?.[0];
    this.#offset += found?.length ?? 0;
    return found;
  }

  #fail(what: string): never {
    const isEnd = this.#offset >= this.#text.length;
    return this.#failAt(this.#offset, isEnd ? `${what}, found the end of the statement` : what);
  }

  #failAt(offset: number, what: string): never {
    throw new Refused({
      code: 'STATEMENT_INVALID',
      reason: `The statement is not JSON that every reader understands alike: ${what}.`,
      hint: 'Write JSON, not mongosh: {"collection": "orders", "pipeline": [{"$limit": 10}]}.',
      offset,
    });
  }
}

/** @throws Refused at anything but one JSON value */
export function readJson(text: string): Json {
  return new JsonReader(text).readAll();
}
