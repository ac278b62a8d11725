import { type Entry, entriesOf, type Json, memberOf } from './json.ts';
import { dateOf, numberOf } from './literal.ts';
import type { Place } from './reading.ts';
import { notAllowed } from './refuse.ts';

/** Elements or documents that a statement may ask for by its constants. */
const MAX_SIZE = 10_000_000;

/** The number that an expression of constants comes to; undefined where it is not one. */
function constant(json: Json): number | undefined {
  const number = numberOf(json);
  if (number !== undefined || json.kind !== 'object') return number;
  const [entry] = json.entries;
  if (entry === undefined) return undefined;
  const apply = OPERATIONS.get(entry.key);
  const args = operandsOf(entry).map(constant);
  return apply === undefined || !args.every((arg) => arg !== undefined) ? undefined : apply(args);
}

const OPERATIONS: ReadonlyMap<string, (args: readonly number[]) => number> = new Map([
  ['$literal', ([value = Number.NaN]) => value],
  ['$add', (args) => args.reduce((sum, arg) => sum + arg, 0)],
  ['$multiply', (args) => args.reduce((product, arg) => product * arg, 1)],
  ['$subtract', ([left = Number.NaN, right = Number.NaN]) => left - right],
  ['$divide', ([left = Number.NaN, right = Number.NaN]) => left / right],
  ['$pow', ([base = Number.NaN, exponent = Number.NaN]) => base ** exponent],
  ['$exp', ([exponent = Number.NaN]) => Math.exp(exponent)],
  ['$abs', ([value = Number.NaN]) => Math.abs(value)],
  ['$max', (args) => Math.max(...args)],
  ...['$toInt', '$toLong', '$toDouble', '$toDecimal', '$floor', '$ceil', '$round', '$trunc'].map(
    (name) => [name, ([value = Number.NaN]: readonly number[]) => value] as const,
  ),
]);

/** An operator's operands: a list, or the one that stands for a list of one. */
function operandsOf({ value }: Entry): readonly Json[] {
  return value.kind === 'array' ? value.items : [value];
}

/** How many elements an array has, where constants tell; 1 where they do not. */
export function lengthOf(json: Json, place: Place): number {
  if (json.kind === 'array') return Math.max(1, json.items.length);
  if (json.kind === 'string') return json.text.startsWith('$$') ? (place.variables.get(json.text.slice(2)) ?? 1) : 1;
  const [entry] = entriesOf(json);
  if (entry === undefined) return 1;
  if (entry.key === '$range') return rangeLength(operandsOf(entry));
  if (entry.key === '$literal') return entry.value.kind === 'array' ? Math.max(1, entry.value.items.length) : 1;
  if (KEEP_LENGTH.has(entry.key)) {
    const input = memberOf(entry.value, 'input') ?? operandsOf(entry)[0];
    return input === undefined ? 1 : lengthOf(input, place);
  }
  if (ADD_LENGTHS.has(entry.key)) return operandsOf(entry).reduce((sum, item) => sum + lengthOf(item, place), 0);
  return 1;
}

const KEEP_LENGTH: ReadonlySet<string> = new Set(['$map', '$filter', '$sortArray', '$reverseArray', '$slice']);
const ADD_LENGTHS: ReadonlySet<string> = new Set(['$concatArrays', '$setUnion']);

function rangeLength([start, end, step]: readonly Json[]): number {
  const [from, to] = [start, end].map((json) => (json === undefined ? undefined : constant(json)));
  const by = step === undefined ? 1 : constant(step);
  if (to === undefined) return 1;
  // A start or a step that is not constant may be anything; 0 and 1 are what they are in practice.
  const length = (to - (from ?? 0)) / (by ?? Math.sign(to - (from ?? 0)));
  return Math.max(1, Number.isNaN(length) ? 1 : length);
}

/** @throws Refused where $range makes too many elements, given how often it is evaluated */
export function checkRange(entry: Entry, place: Place): void {
  const length = rangeLength(operandsOf(entry)) * place.repetitions;
  if (length > MAX_SIZE) refuseSize('$range', entry);
}

/** A place that is evaluated once for each element of an array. */
export function repeated(place: Place, input: Json | undefined, at: Entry): Place {
  const repetitions = place.repetitions * (input === undefined ? 1 : lengthOf(input, place));
  if (repetitions > MAX_SIZE) refuseSize(at.key, at);
  return { ...place, repetitions };
}

const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ millisecond: 1, second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 },
    ...{ month: 2_419_200_000, quarter: 7_776_000_000, year: 31_536_000_000 },
  }),
);

/** @throws Refused where $densify's bounds and step make too many documents */
export function checkDensify(range: Json, at: Entry): void {
  const [bounds, step, unit] = ['bounds', 'step', 'unit'].map((key) => memberOf(range, key));
  if (bounds?.kind !== 'array') return;
  const [from, to] = bounds.items.map((bound) => dateOf(bound) ?? numberOf(bound));
  const by = step === undefined ? undefined : numberOf(step);
  const scale = unit?.kind === 'string' ? (UNITS.get(unit.text) ?? 1) : 1;
  if (from === undefined || to === undefined || by === undefined) return;
  if ((to - from) / (by * scale) > MAX_SIZE) refuseSize('$densify', at);
}

function refuseSize(name: string, at: Entry): never {
  const limit = MAX_SIZE.toLocaleString('en');
  return notAllowed(
    `${name} is asked for more than ${limit}, which the guard allows at most.`,
    at,
    'Use smaller numbers.',
  );
}
