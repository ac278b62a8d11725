import { fold } from './keywords.ts';

/** Bytes, digits or rows that one call may ask for by its constants; SQLite makes the value before any limit on rows. */
const MAX_SIZE = 10_000_000;

export interface Call {
  readonly name: string;
  /** The text the arguments begin with, where that is a literal: a format. */
  readonly literal: string | undefined;
  /** The greatest value of each argument, undefined where it is not constant. */
  readonly sizes: readonly (number | undefined)[];
}

type Size = (call: Call) => number | undefined;

/** A width is in the format's digits or, for `*`, among the arguments; a format that is no literal may hold either. */
const formatWidth: Size = ({ literal, sizes: [, ...sizes] }) => {
  const digits = literal?.match(/\d+/g)?.map(Number) ?? [];
  const isStarred = literal?.includes('*') ?? true;
  return Math.max(0, ...digits, ...(isStarred ? sizes.map((size) => Math.abs(size ?? 0)) : []));
};

const SIZES: ReadonlyMap<string, Size> = new Map<string, Size>([
  ['zeroblob', ({ sizes: [bytes] }) => bytes],
  ['randomblob', ({ sizes: [bytes] }) => bytes],
  ['printf', formatWidth],
  ['format', formatWidth],
  [
    'generate_series',
    ({ sizes: [start, stop, step = 1] }) => (stop === undefined ? undefined : (stop - (start ?? 0)) / step),
  ],
]);

/** Why a call is too large, undefined where it is not. */
export function oversizeOf(call: Call): string | undefined {
  const name = fold(call.name);
  const size = SIZES.get(name)?.(call);
  if (size === undefined || size <= MAX_SIZE) return undefined;
  return `${name}() is asked for more than ${MAX_SIZE.toLocaleString('en')}, which the guard allows at most.`;
}
