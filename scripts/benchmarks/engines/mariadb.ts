import mysql from 'mysql2/promise';
import { type MeasuredEngine, TABLE } from './engine.ts';

const DATABASE = 'custard_measured';

const createTable = (rows: number): string => `
  CREATE TABLE ${TABLE} AS
  SELECT seq * 1000003 AS id,
    CAST(CASE seq % 50 WHEN 0 THEN concat('Jürgen "Max" O''Brien ', seq) WHEN 1 THEN concat('佐藤 ', seq)
      ELSE concat('Customer number ', seq) END AS char(60)) AS name,
    CAST((seq % 100000) * 1.37 AS decimal(12, 2)) AS amount,
    timestamp('2024-01-01') + INTERVAL seq * 37 SECOND AS ordered_at,
    seq % 3 = 0 AS paid,
    CASE WHEN seq % 10 = 0 THEN NULL WHEN seq % 97 = 0 THEN 'two\\nlines\\t\\\\' ELSE 'delivered to the door' END AS note
  FROM seq_1_to_${rows}`;

export async function openMariadb(server: string, rows: number): Promise<MeasuredEngine> {
  const admin = await mysql.createConnection({ uri: server });
  await admin.query(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await admin.query(`CREATE DATABASE ${DATABASE}`);
  await admin.query(`USE ${DATABASE}`);
  await admin.query(createTable(rows));
  return {
    name: 'MariaDB',
    dbType: 'MYSQL',
    url: `${server.replace(/\/+$/, '')}/${DATABASE}`,
    running: async () => {
      const [processes] = await admin.query<mysql.RowDataPacket[]>('SHOW PROCESSLIST');
      return processes.filter(
        (process) => process['db'] === DATABASE && process['Command'] === 'Query' && process['Id'] !== admin.threadId,
      ).length;
    },
    async [Symbol.asyncDispose]() {
      await admin.query(`DROP DATABASE ${DATABASE}`);
      await admin.end();
    },
  };
}
