/** Snowflake sends times as decimal numbers of seconds, with as many digits behind the point as the type has. */

const NANOS = 1_000_000_000n;
const DAY_SECONDS = 86_400;
/** Of a TIMESTAMP_TZ: minutes east of UTC, and this much more so that there are no negative ones. */
const OFFSET_BASE = 1_440;

interface Instant {
  /** Whole seconds since 1970, rounded down. */
  readonly seconds: number;
  /** Digits of the fraction without trailing zeros, with the point, or nothing. */
  readonly fraction: string;
}

function parseInstant(wire: string): Instant {
  const [, sign, whole = '0', digits = ''] = /^(-?)(\d+)(?:\.(\d{0,9})\d*)?$/.exec(wire) ?? [];
  if (sign === undefined) throw new RangeError('Not a number of seconds.');
  const size = BigInt(whole) * NANOS + BigInt(digits.padEnd(9, '0'));
  const nanos = sign === '-' ? -size : size;
  const part = ((nanos % NANOS) + NANOS) % NANOS;
  const fraction = part === 0n ? '' : `.${part.toString().padStart(9, '0').replace(/0+$/, '')}`;
  return { seconds: Number((nanos - part) / NANOS), fraction };
}

const two = (number: number): string => String(number).padStart(2, '0');

function dateText(date: Date): string {
  const year = date.getUTCFullYear();
  return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
}

const clockText = (date: Date): string =>
  `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;

function timestampText({ seconds, fraction }: Instant): string {
  const date = new Date(seconds * 1000);
  return `${dateText(date)} ${clockText(date)}${fraction}`;
}

/** `wire` is a number of days since 1970. */
export const dateFromWire = (wire: string): string => dateText(new Date(Number(wire) * DAY_SECONDS * 1000));

/** `wire` is a number of seconds since midnight. */
export function timeFromWire(wire: string): string {
  const { seconds, fraction } = parseInstant(wire);
  return `${clockText(new Date(seconds * 1000))}${fraction}`;
}

export const timestampNtzFromWire = (wire: string): string => timestampText(parseInstant(wire));

/** `wire` is the instant and, after a space, the offset. */
export function timestampTzFromWire(wire: string): string {
  const [instant = '', offset] = wire.split(' ');
  if (offset === undefined) throw new RangeError('A TIMESTAMP_TZ without its offset.');
  return atOffset(parseInstant(instant), (Number(offset) - OFFSET_BASE) * 60);
}

function atOffset({ seconds, fraction }: Instant, offset: number): string {
  const size = Math.abs(offset);
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  const sign = offset < 0 ? '-' : '+';
  const local = timestampText({ seconds: seconds + offset, fraction });
  return `${local}${sign}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${rest}`;
}

/** Offsets change on a quarter of an hour everywhere. */
const QUARTER_SECONDS = 900;

/** TIMESTAMP_LTZ is shown in the session's time zone, as everything in it computes in that. */
export function timestampLtzReader(timeZone: string): (wire: string) => string {
  const format = offsetFormat(timeZone);
  let known: { readonly quarter: number; readonly offset: number } | undefined;
  return (wire) => {
    const instant = parseInstant(wire);
    const quarter = Math.floor(instant.seconds / QUARTER_SECONDS);
    if (known?.quarter !== quarter) known = { quarter, offset: offsetAt(format, instant.seconds) };
    return atOffset(instant, known.offset);
  };
}

function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  const options = { timeZoneName: 'longOffset', year: 'numeric' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }); // a zone this Node has not heard of
  }
}

function offsetAt(format: Intl.DateTimeFormat, seconds: number): number {
  const name = format.formatToParts(seconds * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', rest = '0'] = /([+-])(\d+)(?::(\d+))?(?::(\d+))?/.exec(name) ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  return sign === '-' ? -size : size;
}
