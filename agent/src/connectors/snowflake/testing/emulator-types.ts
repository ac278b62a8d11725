import type { DuckDBType } from '@duckdb/node-api';

/** How a column of DuckDB's is told of and sent, as Snowflake would one of its own. */
export interface WireColumn {
  readonly rowtype: Readonly<Record<string, unknown>>;
  /** What is to be read of it, as text. */
  readonly select: (column: string) => string;
  readonly wire: (text: string) => string;
}

/** Names that were not quoted are in upper case; DuckDB keeps them as they were written. */
export const folded = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name.toUpperCase() : name);

const asItIs = (text: string): string => text;

function seconds(nanos: string): string {
  const size = nanos.replace('-', '').padStart(10, '0');
  return `${nanos.startsWith('-') ? '-' : ''}${size.slice(0, -9)}.${size.slice(-9)}`;
}

function timeSeconds(text: string): string {
  const [hours = '0', minutes = '0', rest = '0'] = text.split(':');
  const [whole = '0', fraction = ''] = rest.split('.');
  return `${Number(hours) * 3600 + Number(minutes) * 60 + Number(whole)}.${fraction.padEnd(9, '0')}`;
}

type Form = Omit<WireColumn, 'rowtype'> & { readonly rowtype: Readonly<Record<string, unknown>> };
const form = (rowtype: Form['rowtype'], wire: Form['wire'] = asItIs, select: Form['select'] = asItIs): Form => ({
  rowtype,
  wire,
  select,
});

const nanos = (column: string): string => `epoch_ns(${column})`;
const INTEGER = form({ type: 'fixed', precision: 38, scale: 0 });

const FORMS: Readonly<Record<string, Form>> = {
  BOOLEAN: form({ type: 'boolean' }, (text) => (text === 'true' ? '1' : '0')),
  FLOAT: form({ type: 'real' }),
  DOUBLE: form({ type: 'real' }, (text) => (text === 'nan' ? 'NaN' : text)),
  VARCHAR: form({ type: 'text', length: 16_777_216 }),
  DATE: form({ type: 'date' }, asItIs, (column) => `date_diff('day', DATE '1970-01-01', ${column})`),
  TIME: form({ type: 'time', scale: 9 }, timeSeconds),
  TIMESTAMP: form({ type: 'timestamp_ntz', scale: 9 }, seconds, nanos),
  TIMESTAMP_NS: form({ type: 'timestamp_ntz', scale: 9 }, seconds, nanos),
  'TIMESTAMP WITH TIME ZONE': form({ type: 'timestamp_ltz', scale: 9 }, seconds, nanos),
  BLOB: form({ type: 'binary', length: 8_388_608 }, asItIs, (column) => `hex(${column})`),
  JSON: form({ type: 'variant' }),
};

export function wireColumn(name: string, type: DuckDBType): WireColumn {
  const [, precision, scale] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(String(type)) ?? [];
  const decimal =
    precision === undefined ? undefined : form({ type: 'fixed', precision: Number(precision), scale: Number(scale) });
  const found =
    decimal ?? FORMS[type.alias ?? String(type)] ?? (/INT/.test(String(type)) ? INTEGER : form({ type: 'text' }));
  return {
    ...found,
    rowtype: { name: folded(name), database: '', schema: '', table: '', nullable: true, ...found.rowtype },
  };
}
