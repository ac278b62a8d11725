import { Expansion } from './expansion.ts';
import { type Fields, isFields, listOf, nameParts, unwrap } from './nodes.ts';

/**
 * The planner folds what is constant before any time or row limit applies, and keeps each value it made on the way. What
 * the constants of one statement ask for, together, is bounded here. Sizes that come from the data are the limits'
 * business.
 */
const MAX_SIZE = 10_000_000;
/** Of all together: their cost grows with the square of the digits. */
const MAX_FACTORIAL = 10_000;
const MAX_POWER_DIGITS = 20_000;

/** What the constants of one statement ask for. */
export class Sizes {
  #total = 0;
  #factorials = 0;
  /** Of the nodes below the one asked for, which is asked for in its turn. */
  readonly #known = new WeakMap<object, number>();

  /** To be asked first: what the columns of nested queries stand for. */
  excessOf(query: unknown): string | undefined {
    const setSize = (reference: object, size: number) => void this.#known.set(reference, size);
    return new Expansion((node) => this.#textSize(node), setSize).excessOf(query);
  }

  /** Why a node is too large, or undefined where it is not or where its size is not in its constants. */
  oversizeOf(kind: string, fields: Fields): string | undefined {
    if (kind === 'FuncCall') return this.#ofCall(fields);
    if (kind === 'TypeCast') return this.#overflow('A cast', paddedSize(fields['typeName']));
    const operator = kind === 'A_Expr' ? nameParts(fields['name']).at(-1) : undefined;
    if (operator === '^') return this.#ofPower(fields['lexpr'], fields['rexpr']);
    return operator === '||' ? this.#overflow('||', this.#textSize({ [kind]: fields })) : undefined;
  }

  #ofCall(call: Fields): string | undefined {
    const name = nameParts(call['funcname']).at(-1) ?? '';
    const args = listOf(call['args']).map(argument);
    if (name === 'generate_series') return overflow(`${name}()`, seriesLength(args), MAX_SIZE);
    if (name === 'crypt' || name === 'gen_salt') return overflow(`${name}()`, roundsOf(args[1]), MAX_ROUNDS);
    if (POWERS.has(name)) return this.#ofPower(args[0], args[1]);
    if (name === 'factorial') return this.#ofFactorial(args[0]);
    if ((name === 'gcd' || name === 'lcm') && args.some(hasHugeNumber)) return `${name}() is given a number too large.`;
    if (!VALUE_MAKERS.has(name)) return undefined;
    const counted = COUNTED.has(name) ? args[1] : undefined;
    if (counted !== undefined && isConstant(counted) && constant(counted) === undefined) {
      return `${name}() takes a length that the guard cannot work out.`;
    }
    return this.#overflow(`${name}()`, this.#textSize({ FuncCall: call }));
  }

  #digitsOf(expression: Fields): number {
    const isPower = nameParts(expression['name']).at(-1) === '^';
    return isPower ? this.#powerDigits(expression['lexpr'], expression['rexpr']) : 0;
  }

  #arraySize(dimensions: unknown): number {
    const { kind, fields } = unwrap(dimensions) ?? {};
    if (kind === 'TypeCast') return this.#arraySize(fields?.['arg']);
    const elements = kind === 'A_ArrayExpr' ? listOf(fields?.['elements']) : [];
    return elements.reduce<number>((size, element) => size * Math.max(1, this.#amount(element)), 1);
  }

  /** A number, or an upper bound of what only the planner can work out: no length is more than that of the text. */
  #amount(node: unknown): number {
    const known = constant(node);
    if (known !== undefined) return known;
    const { kind, fields = {} } = unwrap(node) ?? {};
    if (kind === 'TypeCast') return this.#amount(fields['arg']);
    if (kind === 'A_Expr' && nameParts(fields['name']).at(-1) === '*') {
      return this.#amount(fields['lexpr']) * this.#amount(fields['rexpr']);
    }
    return isConstant(node) ? this.#textSize(node) : 1;
  }

  #ofPower(base: unknown, exponent: unknown): string | undefined {
    return overflow('The digits of a power', this.#powerDigits(base, exponent), MAX_POWER_DIGITS);
  }

  /** The data's share of a power is the limits' business. */
  #powerDigits(base: unknown, exponent: unknown): number {
    if (!isConstant(base)) return 1;
    const digits = Math.abs(Math.log10(Math.abs(constant(base) ?? 10) || 1));
    return Math.abs(this.#amount(exponent)) * digits;
  }

  #ofFactorial(arg: unknown): string | undefined {
    this.#factorials += this.#amount(arg);
    return overflow('factorial()', this.#factorials, MAX_FACTORIAL);
  }

  #overflow(what: string, size: number): string | undefined {
    this.#total += size;
    return overflow(what, size, MAX_SIZE) ?? overflow('The statement', this.#total, MAX_SIZE);
  }

  /** An upper bound of the text a constant expression makes; what is not constant counts as one character. */
  #textSize(node: unknown): number {
    const { kind, fields = {} } = unwrap(node) ?? {};
    const known = this.#known.get(fields);
    if (known !== undefined) return known;
    const size = this.#freshSize(kind, fields);
    this.#known.set(fields, size);
    return size;
  }

  /** CASE, COALESCE, ARRAY, a subquery: no larger than all that is in them. */
  #partsSize(value: unknown): number {
    if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + this.#partsSize(part), 0);
    if (!isFields(value)) return 0;
    if (isNode(value)) return this.#textSize(value);
    return Object.values(value).reduce<number>((sum, part) => sum + this.#partsSize(part), 0);
  }

  #freshSize(kind: string | undefined, fields: Fields): number {
    if (kind === 'A_Const') return constantText(fields)?.length ?? 1;
    if (kind === 'TypeCast') return Math.max(this.#textSize(fields['arg']), paddedSize(fields['typeName']));
    if (kind === 'A_Expr') return this.#partsSize(fields) + this.#digitsOf(fields);
    if (kind !== 'FuncCall') return Math.max(1, this.#partsSize(fields));
    const args = listOf(fields['args']).map(argument);
    const [first, second] = args;
    const name = nameParts(fields['funcname']).at(-1) ?? '';
    if (name === 'repeat') return this.#textSize(first) * Math.max(1, constant(second) ?? 1);
    if (name === 'lpad' || name === 'rpad') return Math.max(1, constant(second) ?? 1);
    if (name === 'factorial') return DIGITS_OF_FACTORIAL * Math.max(1, this.#amount(first));
    // As text its elements have commas between them, and NULL is a word.
    if (name === 'array_fill') return (this.#textSize(first) + SEPARATOR) * this.#arraySize(second);
    const sizes = args.map((arg) => this.#textSize(arg));
    // The replacement may go in once for each character.
    if (name.includes('replace')) return (sizes[0] ?? 1) * Math.max(1, sizes[2] ?? 1);
    const sum = sizes.reduce((total, size) => total + size, name === 'format' ? formatWidth(args) : 0);
    return sum * (GROWING.get(name) ?? (sum > SMALL ? GROWING_ONCE.get(name) : undefined) ?? 1);
  }
}

/** How many characters each of them may make of one, however often they are nested. */
const GROWING: ReadonlyMap<string, number> = new Map([
  ...['quote_literal', 'quote_ident', 'quote_nullable'].map((name) => [name, 2] as const),
  ...['to_json', 'to_jsonb'].map((name) => [name, 6] as const),
  ['encode', 4],
]);
/** These grow a value but once; small ones, which honest statements nest, do not matter. */
const GROWING_ONCE: ReadonlyMap<string, number> = new Map([
  ['normalize', 18],
  ['string_to_array', 16],
  ['regexp_split_to_array', 16],
]);
const SMALL = 10_000;

/** At most, for each that it multiplies. */
const DIGITS_OF_FACTORIAL = 4;
const SEPARATOR = 3;

const VALUE_MAKERS: ReadonlySet<string> = new Set([
  ...[
    'repeat',
    'lpad',
    'rpad',
    'array_fill',
    'replace',
    'regexp_replace',
    'format',
    ...GROWING.keys(),
    ...GROWING_ONCE.keys(),
  ],
]);
/** Their second argument is how much they make. */
const COUNTED: ReadonlySet<string> = new Set(['repeat', 'lpad', 'rpad']);

/** A node in its kind's name, which begins with a capital, unlike fields. */
function isNode(value: Fields): boolean {
  const [name = '', ...others] = Object.keys(value);
  return others.length === 0 && /^[A-Z]/.test(name) && name !== 'String';
}

function overflow(what: string, size: number | undefined, limit: number): string | undefined {
  if (size === undefined || size <= limit) return undefined;
  return `${what} is asked for more than ${limit.toLocaleString('en')}, which the guard allows at most.`;
}

/** Widths are digits of the format or, for `*`, arguments. */
function formatWidth([format, ...args]: readonly unknown[]): number {
  const text = joinedText(format);
  const widths = text.match(/\d+/g)?.map(Number) ?? [];
  const starred = text.includes('*') ? args.map((arg) => Math.abs(constant(arg) ?? 0)) : [];
  return Math.max(0, ...widths, ...starred);
}

/** The text of a literal, or of literals put together by `||`. */
function joinedText(node: unknown): string {
  const { kind, fields = {} } = unwrap(node) ?? {};
  if (kind === 'A_Const') return constantText(fields) ?? '';
  if (kind === 'TypeCast') return joinedText(fields['arg']);
  return kind === 'A_Expr' ? joinedText(fields['lexpr']) + joinedText(fields['rexpr']) : '';
}

/** What char(n) and bit(n) fill up to; other types with a length do not. */
function paddedSize(typeName: unknown): number {
  const { names, typmods } = isFields(typeName) ? typeName : {};
  return PADDED.has(nameParts(names).at(-1) ?? '') ? (constant(listOf(typmods)[0]) ?? 0) : 0;
}

const PADDED: ReadonlySet<string> = new Set(['bpchar', 'bit']);

function argument(node: unknown): unknown {
  const { kind, fields } = unwrap(node) ?? {};
  return kind === 'NamedArgExpr' ? fields?.['arg'] : node;
}

function seriesLength(args: readonly unknown[]): number | undefined {
  const [start, stop] = [constant(args[0]), constant(args[1])];
  const step = args[2] === undefined ? 1 : constant(args[2]);
  return start === undefined || stop === undefined || step === undefined ? undefined : (stop - start) / step;
}

/** The number that an expression of constants comes to; undefined where it is not one. */
function constant(node: unknown): number | undefined {
  const { kind, fields = {} } = unwrap(node) ?? {};
  if (kind === 'TypeCast') return constant(fields['arg']);
  if (kind === 'A_Const') return constantNumber(fields);
  if (kind !== 'A_Expr' || fields['kind'] !== 'AEXPR_OP') return undefined;
  const right = constant(fields['rexpr']);
  const left = fields['lexpr'] === undefined ? 0 : constant(fields['lexpr']);
  const apply = OPERATIONS.get(nameParts(fields['name']).at(-1) ?? '');
  return left === undefined || right === undefined ? undefined : apply?.(left, right);
}

const OPERATIONS: ReadonlyMap<string, (left: number, right: number) => number> = new Map([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['%', (left, right) => left % right],
  ['^', (left, right) => left ** right],
  ['<<', (left, right) => left * 2 ** right],
]);

function constantNumber(fields: Fields): number | undefined {
  const { ival, fval } = fields;
  // The serializer writes zero as an empty object.
  if (isFields(ival)) return typeof ival['ival'] === 'number' ? ival['ival'] : 0;
  const text = isFields(fval) ? fval['fval'] : constantText(fields);
  const value = typeof text === 'string' ? Number(text.replaceAll('_', '')) : Number.NaN;
  return Number.isNaN(value) ? undefined : value;
}

function constantText(fields: Fields): string | undefined {
  const { sval } = fields;
  if (!isFields(sval)) return undefined;
  return typeof sval['sval'] === 'string' ? sval['sval'] : '';
}

/** Thousands of digits, written out, by an exponent, or by what makes them. */
function hasHugeNumber(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasHugeNumber);
  if (!isFields(value)) return typeof value === 'string' && (value.length > 2_000 || /\de\+?\d{4}/i.test(value));
  const { kind, fields } = unwrap(value) ?? {};
  if (kind === 'A_Expr' && nameParts(fields?.['name']).at(-1) === '^') return true;
  if (kind === 'FuncCall' && HUGE_NUMBERS.has(nameParts(fields?.['funcname']).at(-1) ?? '')) return true;
  return Object.values(value).some(hasHugeNumber);
}

/** Of Blowfish, as a power of two: gen_salt's own argument, or the number in a salt. */
const MAX_ROUNDS = 12;

function roundsOf(arg: unknown): number | undefined {
  const salt = /^\$2[a-z]?\$(\d+)\$/i.exec(joinedText(arg))?.[1];
  return salt === undefined ? constant(arg) : Number(salt);
}

const POWERS: ReadonlySet<string> = new Set(['power', 'pow', 'numeric_power', 'dpow']);
const HUGE_NUMBERS: ReadonlySet<string> = new Set([...POWERS, 'factorial', 'exp']);

/** Whether no column and no parameter is in it, so that the planner may fold it. */
function isConstant(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isConstant);
  if (!isFields(value)) return true;
  return Object.entries(value).every(([key, inner]) => key !== 'ColumnRef' && key !== 'ParamRef' && isConstant(inner));
}
