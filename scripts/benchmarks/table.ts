import { Client } from 'pg';

/** What the row figures are about: as many rows as given, six columns, texts with what has to be escaped. */
export const TABLE = 'measured_rows';
export const STATEMENT = `SELECT * FROM ${TABLE}`;

export async function createMeasuredTable(url: string, rows: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`DROP TABLE IF EXISTS ${TABLE}`);
    await client.query(`
      CREATE TABLE ${TABLE} AS
      SELECT i::bigint * 1000003 AS id,
        CASE i % 50 WHEN 0 THEN 'Jürgen "Max" O''Brien ' || i WHEN 1 THEN '佐藤 ' || i ELSE 'Customer number ' || i END AS name,
        (i % 100000) * 1.37::numeric(12, 2) AS amount,
        timestamptz '2024-01-01 00:00:00+00' + i * interval '37.25 seconds' AS ordered_at,
        i % 3 = 0 AS paid,
        CASE WHEN i % 10 = 0 THEN NULL WHEN i % 97 = 0 THEN E'two\\nlines\\t\\\\' ELSE 'delivered to the door' END AS note
      FROM generate_series(1, ${rows}) AS i`);
    await client.query(`VACUUM (FREEZE, ANALYZE) ${TABLE}`);
  } finally {
    await client.end();
  }
}
