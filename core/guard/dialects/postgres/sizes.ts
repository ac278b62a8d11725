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
    const isConcatenation = kind === 'A_Expr' && nameParts(fields['name']).at(-1) === '||';
    return isConcatenation ? this.#overflow('||', this.#textSize({ [kind]: fields })) : undefined;
  }

  #ofCall(call: Fields): string | undefined {
    const name = nameParts(call['funcname']).at(-1) ?? '';
    const args = listOf(call['args']).map(argument);
    if (name === 'generate_series') return overflow(`${name}()`, seriesLength(args), MAX_SIZE);
    if (name === 'factorial') return this.#ofFactorial(args[0]);
    if ((name === 'gcd' || name === 'lcm') && args.some(hasHugeNumber)) return `${name}() is given a number too large.`;
    if (!VALUE_MAKERS.has(name)) return undefined;
    const counted = COUNTED.has(name) ? args[1] : undefined;
    if (counted !== undefined && isConstant(counted) && constant(counted) === undefined) {
      return `${name}() takes a length that the guard cannot work out.`;
    }
    return this.#overflow(`${name}()`, this.#textSize({ FuncCall: call }));
  }

  #ofFactorial(arg: unknown): string | undefined {
    this.#factorials += constant(arg) ?? 1;
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

  #freshSize(kind: string | undefined, fields: Fields): number {
    if (kind === 'A_Const') return constantText(fields)?.length ?? 1;
    if (kind === 'TypeCast') return this.#textSize(fields['arg']);
    if (kind === 'A_Expr') return this.#textSize(fields['lexpr']) + this.#textSize(fields['rexpr']);
    if (kind !== 'FuncCall') return 1;
    const args = listOf(fields['args']).map(argument);
    const [first, second] = args;
    const name = nameParts(fields['funcname']).at(-1) ?? '';
    if (name === 'repeat') return this.#textSize(first) * Math.max(1, constant(second) ?? 1);
    if (name === 'lpad' || name === 'rpad') return Math.max(1, constant(second) ?? 1);
    if (name === 'array_fill') return this.#textSize(first) * (arraySize(second) ?? 1);
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

function arraySize(dimensions: unknown): number | undefined {
  const { kind, fields } = unwrap(dimensions) ?? {};
  if (kind === 'TypeCast') return arraySize(fields?.['arg']);
  if (kind !== 'A_ArrayExpr') return undefined;
  return listOf(fields?.['elements']).reduce<number>((size, element) => size * (constant(element) ?? 1), 1);
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

const HUGE_NUMBERS: ReadonlySet<string> = new Set(['factorial', 'power', 'pow', 'exp', 'numeric_power', 'dpow']);

/** Whether no column and no parameter is in it, so that the planner may fold it. */
function isConstant(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isConstant);
  if (!isFields(value)) return true;
  return Object.entries(value).every(([key, inner]) => key !== 'ColumnRef' && key !== 'ParamRef' && isConstant(inner));
}
