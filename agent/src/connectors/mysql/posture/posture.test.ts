import { randomBytes } from 'node:crypto';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Posture } from '#core/posture.ts';
import { mariadbUrl } from '#core/testing/mariadb-url.ts';
import { parseDatabaseUrl } from '../../database-url.ts';
import { openConnector } from '../../registry.ts';
import { collect } from '../../testing/collect.ts';
import { connectTo } from '../../testing/mysql-engines.ts';
import { wholeSchema } from '../../whole-schema.ts';

const NAME = `custard_posture_${randomBytes(4).toString('hex')}`;
const PASSWORD = randomBytes(8).toString('hex');
const never = new AbortController().signal;

let admin: Connection;
let count = 0;

beforeAll(async () => {
  admin = await connectTo(mariadbUrl());
  await admin.query(
    `CREATE DATABASE ${NAME}; CREATE TABLE ${NAME}.t (id int, name text); INSERT INTO ${NAME}.t VALUES (1, 'x')`,
  );
});

afterAll(async () => {
  const [accounts] = await admin.query<RowDataPacket[]>(
    'SELECT User AS name, Host AS host, is_role FROM mysql.user WHERE User LIKE ?',
    [`${NAME}%`],
  );
  for (const { name, host, is_role: isRole } of accounts) {
    await admin.query(isRole === 'Y' ? `DROP ROLE \`${name}\`` : `DROP USER \`${name}\`@\`${host}\``);
  }
  await admin.query(`DROP DATABASE ${NAME}`);
  await admin.end();
});

/** An account after these statements; its name stands where they say $me, the database's where they say $db. */
async function accountAfter(...statements: readonly string[]): Promise<string> {
  const name = `${NAME}_${count++}`;
  await admin.query(`CREATE USER ${name}@'127.0.0.1' IDENTIFIED BY '${PASSWORD}'`);
  for (const sql of statements) {
    await admin.query(
      sql.replaceAll('$me', `${name}@'127.0.0.1'`).replaceAll('$db', NAME).replaceAll('$role', `${name}_r`),
    );
  }
  return name;
}

function urlFor(account: string, password = PASSWORD): string {
  const url = new URL(mariadbUrl());
  Object.assign(url, { username: account, password, pathname: `/${NAME}` });
  return url.href;
}

async function postureOf(url: string): Promise<Posture> {
  const connector = await openConnector(parseDatabaseUrl(url));
  try {
    return Posture.parse(await connector.posture({ signal: never }));
  } finally {
    await connector.close();
  }
}

describe('the posture of an account', () => {
  it.each([
    ['good', [], ['GRANT SELECT, SHOW VIEW ON $db.* TO $me']],
    ['good', [], ['GRANT SELECT (id) ON $db.t TO $me']],
    ['bad', ['administration', 'grant_option'], ['GRANT ALL ON *.* TO $me WITH GRANT OPTION']],
    ['bad', ['write_grants'], ['GRANT ALL ON $db.* TO $me']],
    ['bad', ['write_grants'], ['GRANT SELECT, INSERT (id), UPDATE (name, id) ON $db.t TO $me']],
    ['bad', ['server_files'], ['GRANT FILE ON *.* TO $me', 'GRANT SELECT ON $db.t TO $me']],
    ['bad', ['grant_option'], ['GRANT SELECT ON $db.* TO $me WITH GRANT OPTION']],
    ['bad', ['administration'], ['GRANT REPLICATION SLAVE, SHUTDOWN ON *.* TO $me', 'GRANT SELECT ON $db.t TO $me']],
    ['acceptable', ['sees_others'], ['GRANT SELECT ON $db.* TO $me', 'GRANT PROCESS ON *.* TO $me']],
    ['acceptable', ['may_disturb'], ['GRANT SELECT, EXECUTE, LOCK TABLES ON $db.* TO $me']],
    ['acceptable', ['reads_everything'], ['GRANT SELECT ON *.* TO $me']],
    ['acceptable', ['reads_everything'], ['GRANT SELECT ON mysql.global_priv TO $me', 'GRANT SELECT ON $db.* TO $me']],
    // A role that is not active can be taken at any time, and so can a role's roles.
    [
      'bad',
      ['write_grants'],
      [
        'CREATE ROLE $role',
        'CREATE ROLE $role2',
        'GRANT DELETE ON $db.t TO $role2',
        'GRANT $role2 TO $role',
        'GRANT $role TO $me',
        'GRANT SELECT ON $db.* TO $me',
      ],
    ],
    // As above, with the first role active from the start.
    [
      'bad',
      ['write_grants'],
      [
        'CREATE ROLE $role',
        'CREATE ROLE $role2',
        'GRANT DELETE ON $db.t TO $role2',
        'GRANT SELECT ON $db.* TO $role',
        'GRANT $role2 TO $role',
        'GRANT $role TO $me',
        'SET DEFAULT ROLE $role FOR $me',
      ],
    ],
  ])('is %s with %j after %j', async (grade, codes, statements) => {
    const posture = await postureOf(urlFor(await accountAfter(...statements)));
    expect(posture.findings.map(({ code }) => code).sort()).toEqual(codes.toSorted());
    expect(posture.grade).toBe(grade);
  });

  it('shows nothing of passwords', async () => {
    const account = await accountAfter('GRANT INSERT ON $db.* TO $me');
    const [rows] = await admin.query<RowDataPacket[]>(`SHOW GRANTS FOR ${account}@'127.0.0.1'`);
    const hash = /\*[0-9A-F]{40}/.exec(JSON.stringify(rows))?.[0] ?? '';
    expect(hash).toHaveLength(41);
    expect(JSON.stringify(await postureOf(urlFor(account)))).not.toContain(hash);
  });

  it('names databases and tables as they are', async () => {
    await admin.query(`CREATE TABLE ${NAME}.\`o\`\`dd "TO" t\` (id int)`);
    const account = await accountAfter(`GRANT INSERT ON $db.\`o\`\`dd "TO" t\` TO $me`);
    expect((await postureOf(urlFor(account))).findings[0]?.message).toContain(`INSERT on ${NAME}.o\`dd "TO" t.`);
  });

  it('gives SQL that makes an account which is good and reads', async () => {
    const { leastPrivilege } = await postureOf(urlFor(await accountAfter('GRANT ALL ON $db.* TO $me')));
    const sql = leastPrivilege
      .replaceAll("'custard_reader'@'%'", `'${NAME}_made'@'127.0.0.1'`)
      .replaceAll('<password>', PASSWORD);
    await admin.query(sql);
    await admin.query(sql);
    expect(await postureOf(urlFor(`${NAME}_made`))).toMatchObject({ grade: 'good', findings: [] });
    const connector = await openConnector(parseDatabaseUrl(urlFor(`${NAME}_made`)));
    expect((await collect(connector, 'SELECT name FROM t')).data).toEqual([['x']]);
    expect(
      (await wholeSchema(connector, { signal: never })).tables.map(({ name, readable }) => [name, readable]),
    ).toContainEqual(['t', true]);
    await connector.close();
  });
});
