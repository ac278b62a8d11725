import { randomBytes } from 'node:crypto';
import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mariadbUrl } from '#core/testing/mariadb-url.ts';
import type { Connector } from '../connector.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import { connectTo } from '../testing/mysql-engines.ts';

const NAME = `custard_relations_${randomBytes(4).toString('hex')}`;
const OTHER = `${NAME}_other`;
const PASSWORD = randomBytes(8).toString('hex');
const ANYTHING = { schema: null, name: '*', column: null };
const never = new AbortController().signal;

let admin: Connection;
let owner: Connector;
let reader: Connector;

beforeAll(async () => {
  admin = await connectTo(mariadbUrl());
  await admin.query(`
    CREATE DATABASE ${NAME}; CREATE DATABASE ${OTHER}; USE ${NAME};
    CREATE TABLE person (id int PRIMARY KEY, Name text, secret text);
    CREATE TABLE ${OTHER}.pay (person_id int, amount int);
    CREATE VIEW one AS SELECT id AS number, Name AS called FROM person WHERE secret IS NOT NULL;
    CREATE VIEW two AS SELECT o.called, (SELECT sum(p.amount) FROM ${OTHER}.pay p WHERE p.person_id = o.number) AS paid FROM one o;
    CREATE VIEW counted AS SELECT count(*) AS n FROM person;
    CREATE VIEW literal AS SELECT 1 AS one;
    CREATE VIEW grouped AS WITH x AS (SELECT secret AS s FROM person) SELECT max(s) AS top FROM x;
    CREATE FUNCTION peek() RETURNS int READS SQL DATA RETURN (SELECT count(secret) FROM person);
    CREATE VIEW peeking AS SELECT peek() AS n;
    CREATE TABLE gone (a int); CREATE VIEW broken AS SELECT a FROM gone; DROP TABLE gone;
    CREATE USER ${NAME}@'127.0.0.1' IDENTIFIED BY '${PASSWORD}';
    GRANT SELECT ON ${NAME}.one TO ${NAME}@'127.0.0.1';
    GRANT SELECT, SHOW VIEW ON ${NAME}.two TO ${NAME}@'127.0.0.1';
    GRANT SELECT, SHOW VIEW ON ${NAME}.counted TO ${NAME}@'127.0.0.1'`);
  const url = new URL(mariadbUrl());
  url.pathname = `/${NAME}`;
  owner = await openConnector(parseDatabaseUrl(url.href));
  Object.assign(url, { username: NAME, password: PASSWORD });
  reader = await openConnector(parseDatabaseUrl(url.href));
  await Promise.all([owner, reader].map((connector) => connector.ping({ signal: never })));
});

afterAll(async () => {
  await owner.close();
  await reader.close();
  await admin.query(`DROP DATABASE ${NAME}; DROP DATABASE ${OTHER}; DROP USER ${NAME}@'127.0.0.1'`);
  await admin.end();
});

async function readsOf(connector: Connector, name: string) {
  const [relation] = await connector.relations({ tables: [{ schema: null, name }], signal: never });
  return relation?.reads.map(
    ({ schema, name: table, column }) => `${schema === NAME ? '' : `${schema}.`}${table}.${column}`,
  );
}

describe('what views read', () => {
  it.each([
    ['person', []],
    ['one', ['person.id', 'person.name', 'person.secret']],
    ['counted', ['person.null']],
    ['literal', []],
    ['grouped', ['person.secret']],
  ])('%s: %j', async (name, reads) => {
    expect((await readsOf(owner, name))?.sort()).toEqual(reads);
  });

  it('goes through views of views, into other databases', async () => {
    expect((await readsOf(owner, 'two'))?.sort()).toEqual(
      [
        ...['one.called', 'one.number', 'person.id', 'person.name', 'person.secret'],
        ...[`${OTHER}.pay.amount`, `${OTHER}.pay.person_id`],
      ].sort(),
    );
  });

  it('counts as anything what cannot be known', async () => {
    const unknown = async (connector: Connector, name: string) => {
      const [relation] = await connector.relations({ tables: [{ schema: null, name }], signal: never });
      return relation?.reads;
    };
    // A function of somebody's own.
    expect(await unknown(owner, 'peeking')).toEqual([ANYTHING]);
    // A view of what is not there any more has no columns, and cannot be read.
    expect(await unknown(owner, 'broken')).toBeUndefined();
    // Without SHOW VIEW, the definition is nobody's business, and what it names may be views.
    expect(await unknown(reader, 'one')).toEqual([ANYTHING]);
    expect(await unknown(reader, 'two')).toContainEqual(ANYTHING);
    expect(await unknown(reader, 'counted')).toContainEqual(ANYTHING);
  });

  it('finds nothing of what the account may not see', async () => {
    expect(await reader.relations({ tables: [{ schema: NAME, name: 'person' }], signal: never })).toEqual([]);
    expect(await owner.relations({ tables: [{ schema: null, name: 'o\'`\\"' }], signal: never })).toEqual([]);
  });
});
