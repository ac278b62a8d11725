/**
 * node optimised-reader.ts URL: what the row figures are measured against. One process reads the table
 * as fast as Node.js and pg can: cursor, values as text, lines built by hand, the same bytes as the
 * row lines of `custard sql -o ndjson`.
 */
import { writeSync } from 'node:fs';
import { Client } from 'pg';
import Cursor from 'pg-cursor';
import { ROW_PREFIX, ROW_SUFFIX } from '#core/protocol/frames.ts';
import { STATEMENT } from './table.ts';

const ROWS_PER_READ = Number(process.argv[3] ?? 2_000);
const NEEDS_ESCAPING = /["\\\p{Cc}]/u;

type TextRow = [string | null, string | null, string | null, string | null, string | null, string | null];

const text = (value: string | null): string => {
  if (value === null) return 'null';
  return NEEDS_ESCAPING.test(value) ? JSON.stringify(value) : `"${value}"`;
};
const plain = (value: string | null): string => (value === null ? 'null' : `"${value}"`);
const boolean = (value: string | null): string => (value === null ? 'null' : value === 't' ? 'true' : 'false');

function line([id, name, amount, orderedAt, paid, note]: TextRow): string {
  return `${ROW_PREFIX}${plain(id)},${text(name)},${plain(amount)},${plain(orderedAt)},${boolean(paid)},${text(note)}${ROW_SUFFIX}`;
}

function writeAll(bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
}

const client = new Client({ connectionString: process.argv[2] });
await client.connect();
const types = { getTypeParser: () => (value: string) => value };
const cursor = client.query(new Cursor<TextRow>(STATEMENT, [], { rowMode: 'array', types }));
for (let rows = await cursor.read(ROWS_PER_READ); rows.length > 0; rows = await cursor.read(ROWS_PER_READ)) {
  let lines = '';
  for (const row of rows) lines += line(row);
  writeAll(Buffer.from(lines));
}
await client.end();
