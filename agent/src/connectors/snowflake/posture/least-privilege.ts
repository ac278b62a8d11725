import { quoteIdentifier } from '../../quote-identifier.ts';

/** For SECURITYADMIN and whoever owns the database. */
export function leastPrivilege({
  database,
  warehouse,
}: {
  readonly database: string;
  readonly warehouse: string | null;
}): string {
  const db = quoteIdentifier(database);
  const wh = quoteIdentifier(warehouse ?? 'CUSTARD_WH');
  return [
    '-- A role that can read this database and do nothing else, and a user that has no other role.',
    'CREATE ROLE CUSTARD_READER;',
    `GRANT USAGE ON WAREHOUSE ${wh} TO ROLE CUSTARD_READER;`,
    `GRANT USAGE ON DATABASE ${db} TO ROLE CUSTARD_READER;`,
    '-- Better: name the schemas and tables that may be asked about.',
    `GRANT USAGE ON ALL SCHEMAS IN DATABASE ${db} TO ROLE CUSTARD_READER;`,
    `GRANT SELECT ON ALL TABLES IN DATABASE ${db} TO ROLE CUSTARD_READER;`,
    `GRANT SELECT ON ALL VIEWS IN DATABASE ${db} TO ROLE CUSTARD_READER;`,
    'CREATE USER CUSTARD_AGENT TYPE = SERVICE DEFAULT_ROLE = CUSTARD_READER DEFAULT_SECONDARY_ROLES = ()',
    `  DEFAULT_WAREHOUSE = ${wh} RSA_PUBLIC_KEY = '<public key, without its first and last line>';`,
    'GRANT ROLE CUSTARD_READER TO USER CUSTARD_AGENT;',
    'ALTER USER CUSTARD_AGENT SET STATEMENT_TIMEOUT_IN_SECONDS = 600;',
    '',
  ].join('\n');
}
