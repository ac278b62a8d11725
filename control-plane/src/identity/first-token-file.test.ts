import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { metadataDatabase, startTestServer } from '../test-support/test-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'custard-first-token-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('puts the first token into a file that only its user can read, in the place of an older one', async () => {
  await using metadata = await metadataDatabase('sqlite');
  const file = join(folder, 'token.env');
  writeFileSync(file, 'CUSTARD_TOKEN=of another control plane\n', { mode: 0o644 });
  await using server = await startTestServer(metadata.url, { env: { FIRST_TOKEN_FILE: file } });
  expect(readFileSync(file, 'utf8')).toBe(`CUSTARD_TOKEN=${server.token}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await server.request('GET', '/api/v1/connections')).status).toBe(200);
});

it('leaves the file alone at a later start', async () => {
  await using metadata = await metadataDatabase('sqlite');
  const file = join(folder, 'later.env');
  await (await startTestServer(metadata.url))[Symbol.asyncDispose]();
  await using server = await startTestServer(metadata.url, { env: { FIRST_TOKEN_FILE: file } });
  expect(server.server.bootstrapToken).toBeNull();
  expect(() => statSync(file)).toThrow('ENOENT');
});

it.each(['sqlite', 'postgres'] as const)('makes no token that could not be written down: %s', async (engine) => {
  await using metadata = await metadataDatabase(engine);
  const starting = startTestServer(metadata.url, { env: { FIRST_TOKEN_FILE: join(folder, 'missing', 'token.env') } });
  await expect(starting).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('missing') });
  await using server = await startTestServer(metadata.url);
  expect(server.token).toMatch(/^custard_/);
});
