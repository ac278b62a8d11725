/** A superuser's URL of the throw-away PostgreSQL that scripts/test starts. */
export function postgresUrl(): string {
  const url = process.env['CUSTARD_TEST_POSTGRES_URL'];
  if (url !== undefined) return url;
  throw new Error(
    'No PostgreSQL to test with: run ./scripts/test, or set CUSTARD_TEST_POSTGRES_URL to a throw-away server.',
  );
}
