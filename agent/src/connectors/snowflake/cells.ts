import type { Cell } from '#core/values.ts';
import {
  dateFromWire,
  timeFromWire,
  timestampLtzReader,
  timestampNtzFromWire,
  timestampTzFromWire,
} from './timestamps.ts';
import type { RowType } from './types.ts';

type Reader = (wire: string) => Cell;

const asItIs: Reader = (wire) => wire;

/** By the type on the wire; all others are text that is exact as it stands. */
const READERS: Readonly<Record<string, Reader>> = {
  fixed: (wire) => (Number.isSafeInteger(Number(wire)) && String(Number(wire)) === wire ? Number(wire) : wire),
  real: readReal,
  boolean: (wire) => wire === '1' || wire.toLowerCase() === 'true',
  binary: (wire) => `\\x${wire.toLowerCase()}`,
  date: dateFromWire,
  time: timeFromWire,
  timestamp_ntz: timestampNtzFromWire,
  timestamp_tz: timestampTzFromWire,
};

/** Reads the values of a column; `timeZone` is the session's. */
export function cellReader({ type, scale, extTypeName }: RowType, timeZone: string): Reader {
  if (extTypeName || (type === 'fixed' && (scale ?? 0) > 0)) return asItIs;
  if (type === 'timestamp_ltz') return timestampLtzReader(timeZone);
  return READERS[type] ?? asItIs;
}

const INFINITIES: Readonly<Record<string, string>> = { inf: 'Infinity', '-inf': '-Infinity' };

function readReal(wire: string): Cell {
  const number = Number(wire);
  return Number.isFinite(number) ? number : (INFINITIES[wire.toLowerCase()] ?? wire);
}
