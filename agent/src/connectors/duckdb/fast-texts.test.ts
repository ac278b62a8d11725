import { DuckDBDecimalValue, DuckDBTimestampValue } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimalText, timestampTexts } from './fast-texts.ts';

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const HUGE = { min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n };

it("writes timestamps as the driver's own text is", () => {
  const text = timestampTexts();
  const micros = fc.oneof(
    fc.bigInt(INT64),
    fc.bigInt(-(10n ** 17n), 10n ** 16n),
    fc.bigInt(-90_000_000_000n, 90_000_000_000n),
  );
  fc.assert(
    fc.property(micros, (value) => {
      const timestamp = new DuckDBTimestampValue(value);
      expect(text(timestamp)).toBe(timestamp.toString());
    }),
    { numRuns: 2_000 },
  );
});

it("writes decimals as the driver's own text is", () => {
  const scaled = fc.oneof(fc.bigInt(HUGE), fc.bigInt(-1_000n, 1_000n));
  fc.assert(
    fc.property(scaled, fc.nat(38), (value, scale) => {
      const decimal = new DuckDBDecimalValue(value, 38, scale);
      expect(decimalText(decimal)).toBe(decimal.toString());
    }),
    { numRuns: 2_000 },
  );
});
