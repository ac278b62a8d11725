import { Client } from 'pg';

/** A client of PostgreSQL without anything of ours; closed when it goes out of scope. */
export async function connected(url: string): Promise<AsyncDisposable & { readonly client: Client }> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // a server that ends is the test's matter
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
