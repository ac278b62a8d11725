import { type Fields, isFields, listOf, nameParts, unwrap } from './nodes.ts';

/**
 * The planner folds calls on constants before any time or row limit applies, so a call whose constants ask for a huge
 * value is refused here. Sizes that come from the data are the limits' business.
 */
const MAX_SIZE = 10_000_000;
/** Its cost grows with the square of the digits. */
const MAX_FACTORIAL = 10_000;

/** Why this call is too large, or undefined where it is not or where its size is not in its constants. */
export function oversizeOf(call: Fields): string | undefined {
  const name = nameParts(call['funcname']).at(-1) ?? '';
  const args = listOf(call['args']).map(argument);
  if (name === 'generate_series') return overflow(name, seriesLength(args), MAX_SIZE);
  if (name === 'factorial') return overflow(name, constant(args[0]), MAX_FACTORIAL);
  if (name === 'array_fill') return overflow(name, arraySize(args[1]), MAX_SIZE);
  if (!TEXT_MAKERS.has(name)) return undefined;
  const counted = args[1];
  if (counted !== undefined && isConstant(counted) && constant(counted) === undefined) {
    return `${name}() takes a length that the guard cannot work out.`;
  }
  return overflow(name, textSize({ FuncCall: call }), MAX_SIZE);
}

const TEXT_MAKERS: ReadonlySet<string> = new Set(['repeat', 'lpad', 'rpad']);

function overflow(name: string, size: number | undefined, limit: number): string | undefined {
  if (size === undefined || size <= limit) return undefined;
  return `${name}() is asked for more than ${limit.toLocaleString('en')}, which the guard allows at most.`;
}

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

/** An upper bound of the text a constant expression makes; what is not constant counts as one character. */
function textSize(node: unknown): number {
  const { kind, fields = {} } = unwrap(node) ?? {};
  if (kind === 'A_Const') return constantText(fields)?.length ?? 1;
  if (kind === 'TypeCast') return textSize(fields['arg']);
  if (kind === 'A_Expr') return textSize(fields['lexpr']) + textSize(fields['rexpr']);
  if (kind !== 'FuncCall') return 1;
  const args = listOf(fields['args']).map(argument);
  const name = nameParts(fields['funcname']).at(-1) ?? '';
  if (name === 'repeat') return textSize(args[0]) * Math.max(1, constant(args[1]) ?? 1);
  if (name === 'lpad' || name === 'rpad') return Math.max(1, constant(args[1]) ?? 1);
  // The replacement may go in once for each character.
  if (name.includes('replace')) return args.reduce<number>((size, arg) => size * Math.max(1, textSize(arg)), 1);
  return args.reduce<number>((size, arg) => size + textSize(arg), 0);
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

/** Whether no column and no parameter is in it, so that the planner may fold it. */
function isConstant(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isConstant);
  if (!isFields(value)) return true;
  return Object.entries(value).every(([key, inner]) => key !== 'ColumnRef' && key !== 'ParamRef' && isConstant(inner));
}
