import type { DuckDBDecimalValue, DuckDBTimestampValue } from '@duckdb/node-api';

/**
 * The driver's own texts of decimals and timestamps, which it makes with integers of any size: here with
 * numbers as long as those are exact, several times as fast, and by the driver where they are not.
 */

export function decimalText(decimal: DuckDBDecimalValue): string {
  const { scale } = decimal;
  const scaled = Number(decimal.value);
  if (scale === 0 || !Number.isSafeInteger(scaled)) return decimal.toString();
  const digits = String(Math.abs(scaled)).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${scaled < 0 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

const MICROS_PER_DAY = 86_400_000_000;
/** Rows are often in the order of time, and dates repeat: bounded, and begun anew when it is full. */
const MAX_DAYS_KEPT = 4_096;

/** One per column of a result. */
export function timestampTexts(): (timestamp: DuckDBTimestampValue) => string {
  const dates = new Map<number, string>();
  return (timestamp) => {
    const micros = Number(timestamp.micros);
    if (!Number.isSafeInteger(micros)) return timestamp.toString();
    const day = Math.floor(micros / MICROS_PER_DAY);
    const time = micros - day * MICROS_PER_DAY;
    let date = dates.get(day);
    if (date === undefined) {
      const whole = timestamp.toString();
      date = whole.slice(0, whole.lastIndexOf(' '));
      if (dates.size === MAX_DAYS_KEPT) dates.clear();
      dates.set(day, date);
    }
    return `${date} ${timeText(time)}`;
  };
}

/** @param micros since midnight */
function timeText(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = micros - seconds * 1_000_000;
  const minutes = Math.floor(seconds / 60);
  const text = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`;
}

const twoDigits = (number: number): string => (number < 10 ? `0${number}` : String(number));
