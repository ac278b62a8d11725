import type { Magnitude } from '../../parsing/parsing.ts';
import type { Arguments } from './call.ts';

/** Characters, elements or rows that one call may ask for by its constants. */
const MAX_SIZE = 10_000_000;
/** Seconds a generator may run. */
const MAX_SECONDS = 60;

type Size = (call: Arguments) => Magnitude;

const at =
  (position: number, name: string): Size =>
  ({ sizes }) =>
    sizes.get(position) ?? sizes.get(name);

const repeated: Size = (call) => times(at(1, 'N')(call), call.literal?.length);

const range: Size = ({ sizes }) => {
  const [start, stop, step = 1] = [sizes.get(0), sizes.get(1), sizes.get(2)];
  return stop === undefined ? undefined : Math.abs((stop - (start ?? 0)) / (step === 0 ? 1 : step));
};

function times(count: Magnitude, length: number | undefined): Magnitude {
  return count === undefined ? undefined : count * Math.max(1, length ?? 1);
}

const SIZES: ReadonlyMap<string, Size> = new Map<string, Size>([
  ['repeat', repeated],
  ['space', at(0, 'N')],
  ['randstr', at(0, 'LENGTH')],
  ['lpad', at(1, 'LENGTH')],
  ['rpad', at(1, 'LENGTH')],
  ['array_repeat', at(1, 'COUNT')],
  ['array_generate_range', range],
  ['generator', at(0, 'ROWCOUNT')],
]);

/** Why a call is too large, undefined where it is not. */
export function oversizeOf(name: string, call: Arguments): string | undefined {
  const size = SIZES.get(name)?.(call);
  if (size !== undefined && size > MAX_SIZE) {
    return `${name}() is asked for more than ${MAX_SIZE.toLocaleString('en')}, which the guard allows at most.`;
  }
  return name === 'generator' ? endlessness(call) : undefined;
}

/** Rows and seconds of a generator have to be constants, as Snowflake wants them. */
function endlessness({ sizes }: Arguments): string | undefined {
  const seconds = at(1, 'TIMELIMIT')({ literal: undefined, sizes });
  if (seconds !== undefined && seconds > MAX_SECONDS) {
    return `generator() is asked to run for more than ${MAX_SECONDS} seconds, which the guard allows at most.`;
  }
  const isConstant = [...sizes.values()].every((size) => size !== undefined);
  return isConstant ? undefined : 'generator() is asked for a number of rows that is no constant.';
}
