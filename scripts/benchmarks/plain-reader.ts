/** node plain-reader.ts URL: the same rows read the usual way: pg's own types, JSON.stringify. */
import { writeSync } from 'node:fs';
import { Client } from 'pg';
import Cursor from 'pg-cursor';
import { STATEMENT } from './table.ts';

const ROWS_PER_READ = 2_000;

const client = new Client({ connectionString: process.argv[2] });
await client.connect();
const cursor = client.query(new Cursor<unknown[]>(STATEMENT, [], { rowMode: 'array' }));
for (let rows = await cursor.read(ROWS_PER_READ); rows.length > 0; rows = await cursor.read(ROWS_PER_READ)) {
  const bytes = Buffer.from(rows.map((row) => `${JSON.stringify({ type: 'row', row })}\n`).join(''));
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
}
await client.end();
