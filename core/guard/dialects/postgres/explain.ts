import { Refused } from '../../classify.ts';
import { type Fields, listOf, locationOf, textOf, unwrap } from './nodes.ts';

/** Options under which EXPLAIN only plans. ANALYZE runs the statement, and with it SERIALIZE, WAL and TIMING. */
const OPTIONS: ReadonlySet<string> = new Set([
  'verbose',
  'costs',
  'settings',
  'buffers',
  'summary',
  'format',
  'memory',
  'generic_plan',
]);

/** @throws Refused at an option under which the statement would be run */
export function checkExplainOptions(explain: Fields, toOffset: (bytes: number) => number): void {
  for (const option of listOf(explain['options'])) {
    const name = textOf(unwrap(option)?.fields ?? {}, 'defname') ?? '';
    if (!OPTIONS.has(name)) {
      throw new Refused({
        code: 'NOT_READ_ONLY',
        reason: `EXPLAIN with ${name.toUpperCase()} runs the statement.`,
        hint: 'Use EXPLAIN without ANALYZE.',
        offset: toOffset(locationOf(option) ?? 0),
      });
    }
  }
}

/** Settings that say how values are written and compared, and nothing of the machine or of other people. */
export const SHOWN_SETTINGS: ReadonlySet<string> = new Set([
  'bytea_output',
  'client_encoding',
  'datestyle',
  'default_transaction_read_only',
  'extra_float_digits',
  'intervalstyle',
  'lc_collate',
  'lc_ctype',
  'lc_monetary',
  'lc_numeric',
  'lc_time',
  'search_path',
  'server_encoding',
  'server_version',
  'server_version_num',
  'standard_conforming_strings',
  'statement_timeout',
  'timezone',
  'transaction_isolation',
  'transaction_read_only',
]);
