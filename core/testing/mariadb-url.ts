/** The URL of an account with all rights on the throw-away MariaDB that scripts/test starts. */
export function mariadbUrl(): string {
  const url = process.env['CUSTARD_TEST_MARIADB_URL'];
  if (url !== undefined) return url;
  throw new Error(
    'No MariaDB to test with: run ./scripts/test, or set CUSTARD_TEST_MARIADB_URL to a throw-away server.',
  );
}
