import { z } from 'zod';
import {
  HARD_MAX_RESULT_BYTES,
  HARD_MAX_ROWS,
  HARD_MAX_SESSIONS,
  HARD_MAX_STATEMENTS,
  HARD_MAX_WAITING,
  KIB,
  MAX_TIMEOUT_MS,
  MIB,
} from '../protocol/limits.ts';

/** A number, or text of a number with one of the units; in the base unit. */
function quantity(units: Readonly<Record<string, number>>, atMost: number, error: string) {
  const pattern = new RegExp(`^(\\d+(?:\\.\\d+)?) ?(${Object.keys(units).join('|')})$`, 'i');
  const byLowerCase = new Map(Object.entries(units).map(([unit, size]) => [unit.toLowerCase(), size]));
  const fromText = z.string().transform((text) => {
    const [, number, unit = ''] = pattern.exec(text.trim()) ?? [];
    return Math.round(Number(number) * (byLowerCase.get(unit.toLowerCase()) ?? Number.NaN));
  });
  return z
    .union([z.number(), fromText], { error })
    .pipe(z.number({ error }).int(error).positive(error).max(atMost, error));
}

const BYTE_UNITS = { KiB: KIB, MiB: MIB, GiB: 1024 * MIB, kB: 1000, MB: 1_000_000, GB: 1_000_000_000 };
const TIME_UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

export const RowCount = quantity({}, HARD_MAX_ROWS, `a number of rows, at most ${HARD_MAX_ROWS}`);
export const Bytes = quantity(BYTE_UNITS, HARD_MAX_RESULT_BYTES, 'a size like 64 MiB, at most 8 GiB');
/** Milliseconds. */
export const Duration = quantity(TIME_UNITS, MAX_TIMEOUT_MS, 'a time like 30s, at most 1h');

const count = (atMost: number, what: string) => quantity({}, atMost, `a number of ${what}, 1 to ${atMost}`);
export const StatementCount = count(HARD_MAX_STATEMENTS, 'statements');
export const WaitingCount = count(HARD_MAX_WAITING, 'statements');
export const SessionCount = count(HARD_MAX_SESSIONS, 'sessions with the database');
