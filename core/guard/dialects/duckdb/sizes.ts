import { type Fields, fieldsOf, fold, isFields, LAMBDA_FUNCTIONS, listOf, textOf } from './nodes.ts';

/**
 * Constants are folded before any limit of time or rows applies, and each value made on the way is kept. What the
 * constants of one statement ask for, together, is bounded here. Sizes that come from the data are the limits' business.
 */
const MAX_SIZE = 10_000_000;

/** What the constants of one statement ask for. */
export class Sizes {
  #total = 0;
  /** Of the nodes below the one asked for, which is asked for in its turn. */
  readonly #known = new WeakMap<object, number>();

  /** Why an expression is too large, or undefined where it is not or where its size is not in its constants. */
  oversizeOf(node: Fields): string | undefined {
    if (node['class'] === 'CAST') return overflow('An array', arraySize(node['cast_type']));
    const name = nameOf(node);
    const args = listOf(node['children']);
    if (SERIES.has(name)) return overflow(`${name}()`, seriesLength(args));
    if (name === 'repeat_row')
      return overflow(`${name}()`, Math.max(0, ...args.map((arg) => constant(argument(arg)) ?? 0)));
    if (!VALUE_MAKERS.has(name)) return undefined;
    const counted = COUNTED.has(name) ? args[1] : undefined;
    if (counted !== undefined && isConstant(counted) && constant(counted) === undefined) {
      return `${name}() takes a length that the guard cannot work out.`;
    }
    const size = this.#textSize(node);
    this.#total += size;
    const what = name === '||' ? name : `${name}()`;
    return overflow(what, size) ?? overflow('The statement', this.#total);
  }

  /** An upper bound of the text or list that a constant expression makes; what is not constant counts as one. */
  #textSize(node: unknown): number {
    const fields = fieldsOf(node);
    const known = this.#known.get(fields);
    if (known !== undefined) return known;
    const size = this.#freshSize(fields);
    this.#known.set(fields, size);
    return size;
  }

  #freshSize(fields: Fields): number {
    if (fields['class'] === 'CONSTANT') return textOfConstant(fields)?.length ?? 1;
    if (fields['class'] === 'CAST') return this.#textSize(fields['child']);
    if (fields['class'] === 'LAMBDA') return this.#textSize(fields['expr']);
    if (fields['class'] !== 'FUNCTION' && fields['class'] !== 'OPERATOR') return 1;
    const args = listOf(fields['children']);
    const [first, second] = args;
    const name = nameOf(fields);
    if (name === 'repeat' || name === '*') return this.#textSize(first) * Math.max(1, constant(second) ?? 1);
    if (SERIES.has(name)) return Math.max(1, seriesLength(args) ?? 1);
    if (FILLED.has(name)) return this.#textSize(first) + Math.max(1, ...args.slice(1).map((arg) => constant(arg) ?? 1));
    const sizes = args.map((arg) => this.#textSize(arg));
    if (LAMBDA_FUNCTIONS.has(name)) return sizes.reduce((product, size) => product * Math.max(1, size), 1);
    // The replacement may go in once for each character.
    if (name.includes('replace') || name === 'translate') return (sizes[0] ?? 1) * Math.max(1, sizes[2] ?? 1);
    return sizes.reduce((sum, size) => sum + size, FORMATS.has(name) ? formatWidth(args) : 0);
  }
}

const SERIES: ReadonlySet<string> = new Set(['range', 'generate_series']);
/** Their second argument, or a later one, is how long the result is. */
const FILLED: ReadonlySet<string> = new Set([
  ...['lpad', 'rpad', 'list_resize', 'array_resize', 'bitstring', 'to_base', 'bar'],
]);
const FORMATS: ReadonlySet<string> = new Set(['printf', 'format']);
const VALUE_MAKERS: ReadonlySet<string> = new Set([
  ...[...FILLED, ...FORMATS, ...LAMBDA_FUNCTIONS],
  ...['repeat', 'replace', 'regexp_replace', 'translate', '||', 'concat', 'list_concat', 'array_concat'],
]);
const COUNTED: ReadonlySet<string> = new Set(['repeat', 'lpad', 'rpad', 'list_resize', 'array_resize', 'bitstring']);

function overflow(what: string, size: number | undefined): string | undefined {
  if (size === undefined || size <= MAX_SIZE) return undefined;
  return `${what} is asked for more than ${MAX_SIZE.toLocaleString('en')}, which the guard allows at most.`;
}

/** `num_rows := 5` is written like a comparison. */
function argument(node: unknown): unknown {
  const fields = fieldsOf(node);
  return fields['class'] === 'COMPARISON' ? fields['right'] : node;
}

function nameOf(node: Fields): string {
  return fold(textOf(node, 'function_name') ?? '');
}

/** Widths are digits of the format or, for `*` and `{}`, arguments. */
function formatWidth([format, ...args]: readonly unknown[]): number {
  const text = textOfConstant(fieldsOf(format)) ?? '';
  const widths = text.match(/\d+/g)?.map(Number) ?? [];
  const starred = /\*|\{[^}]*\{/.test(text) ? args.map((arg) => Math.abs(constant(arg) ?? 0)) : [];
  return Math.max(0, ...widths, ...starred);
}

/** `x::integer[1000]`, at any depth. */
function arraySize(type: unknown): number {
  const details = fieldsOf(fieldsOf(type)['type_info']);
  const own = details['type'] === 'ARRAY_TYPE_INFO' && typeof details['size'] === 'number' ? details['size'] : 1;
  const fields = listOf(details['child_types']).map((field) => arraySize(fieldsOf(field)['second']));
  const inner = details['child_type'] === undefined ? 1 : arraySize(details['child_type']);
  return own * Math.max(inner, ...fields);
}

function seriesLength(args: readonly unknown[]): number | undefined {
  const [start, stop] = args.length === 1 ? [0, constant(args[0])] : [constant(args[0]), constant(args[1])];
  const step = args[2] === undefined ? 1 : constant(args[2]);
  return start === undefined || stop === undefined || step === undefined ? undefined : (stop - start) / step;
}

/** The number that an expression of constants comes to, times and intervals in ms; undefined where it is not one. */
function constant(node: unknown): number | undefined {
  const fields = fieldsOf(node);
  if (fields['class'] === 'CAST') return castConstant(fields);
  if (fields['class'] === 'CONSTANT') return constantNumber(fieldsOf(fields['value']));
  if (fields['class'] !== 'FUNCTION') return undefined;
  const [first, second] = listOf(fields['children']);
  const name = nameOf(fields);
  const unit = UNITS.get(name.replace(/^to_|s$/g, ''));
  if (name.startsWith('to_') && unit !== undefined) return multiply(constant(first), unit);
  if (name === 'trunc') return constant(first);
  const right = constant(second ?? first);
  const left = second === undefined ? 0 : constant(first);
  return left === undefined || right === undefined ? undefined : OPERATIONS.get(name)?.(left, right);
}

function castConstant(cast: Fields): number | undefined {
  const type = String(fieldsOf(cast['cast_type'])['id']);
  const text = textOfConstant(fieldsOf(cast['child']));
  if (text === undefined) return constant(cast['child']);
  if (type === 'INTERVAL') return intervalOf(text);
  if (!/^(DATE|TIMESTAMP.*)$/.test(type)) return constant(cast['child']);
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

const MS_OF_DAY = 86_400_000;
const UNITS: ReadonlyMap<string, number> = new Map([
  ...([
    ['microsecond', 0.001],
    ['us', 0.001],
    ['millisecond', 1],
    ['ms', 1],
    ['second', 1000],
    ['sec', 1000],
  ] as const),
  ...([
    ['s', 1000],
    ['minute', 60_000],
    ['min', 60_000],
    ['m', 60_000],
    ['hour', 3_600_000],
  ] as const),
  ...([
    ['h', 3_600_000],
    ['day', MS_OF_DAY],
    ['d', MS_OF_DAY],
    ['week', 7 * MS_OF_DAY],
  ] as const),
  ...([
    ['month', 28 * MS_OF_DAY],
    ['quarter', 90 * MS_OF_DAY],
    ['year', 365 * MS_OF_DAY],
  ] as const),
]);

/** `1 day 2 hours`; undefined where a part has another form. */
function intervalOf(text: string): number | undefined {
  let sum = 0;
  for (const [, count, unit = ''] of text.matchAll(/(-?[\d.]+)\s*([a-z]*)|\S+/gi)) {
    const size = UNITS.get(unit.toLowerCase()) ?? UNITS.get(unit.toLowerCase().replace(/s$/, ''));
    if (count === undefined || size === undefined) return undefined;
    sum += Number(count) * size;
  }
  return sum === 0 ? undefined : sum;
}

const OPERATIONS: ReadonlyMap<string, (left: number, right: number) => number> = new Map([
  ['+', (left, right) => left + right],
  ['add', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['multiply', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['//', (left, right) => left / right],
  ['%', (left, right) => left % right],
  ['^', (left, right) => left ** right],
  ['**', (left, right) => left ** right],
  ['pow', (left, right) => left ** right],
  ['power', (left, right) => left ** right],
  ['<<', (left, right) => left * 2 ** right],
]);

function multiply(left: number | undefined, right: number): number | undefined {
  return left === undefined ? undefined : left * right;
}

/** Decimals are written without their point, hugeints in two halves. */
function constantNumber({ type, value, is_null }: Fields): number | undefined {
  // Whatever is asked for with NULL is NULL.
  if (is_null === true) return 0;
  if (isFields(value)) return Number(value['upper']) * 2 ** 64 + Number(value['lower']);
  const scale = Number(fieldsOf(fieldsOf(type)['type_info'])['scale'] ?? 0);
  const number = typeof value === 'number' ? value : Number.parseFloat(String(value).replaceAll('_', ''));
  // Infinity is written as null.
  if (value === null) return Number.POSITIVE_INFINITY;
  return Number.isNaN(number) ? undefined : number / 10 ** scale;
}

function textOfConstant(node: Fields): string | undefined {
  const { value } = fieldsOf(node['value']);
  return node['class'] === 'CONSTANT' && typeof value === 'string' ? value : undefined;
}

/** Whether no column and no parameter is in it, so that it may be folded. */
function isConstant(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isConstant);
  if (!isFields(value)) return true;
  const isVariable = ['COLUMN_REF', 'PARAMETER', 'SUBQUERY', 'STAR'].includes(String(value['class']));
  return !isVariable && Object.values(value).every(isConstant);
}
