import { expect, it } from 'vitest';
import { metadataDatabase, startTestServer } from '../test-support/test-server.ts';

async function ask(env: Record<string, string>, origin: string, method = 'GET') {
  await using metadata = await metadataDatabase('sqlite');
  await using server = await startTestServer(metadata.url, { env });
  const headers = { origin, 'access-control-request-method': 'POST' };
  const answer = await fetch(`${server.server.url}/health`, { method, headers });
  const { headers: given } = answer;
  return {
    status: answer.status,
    origin: given.get('access-control-allow-origin'),
    cookies: given.get('access-control-allow-credentials'),
  };
}

const LISTED = { CORS_ORIGINS: 'https://a.example,https://b.example' };

it('lets pages of the listed origins ask, without cookies, and no others', async () => {
  expect(await ask(LISTED, 'https://b.example')).toEqual({ status: 200, origin: 'https://b.example', cookies: null });
  expect(await ask(LISTED, 'https://c.example')).toMatchObject({ origin: null });
  expect(await ask({}, 'https://a.example')).toMatchObject({ origin: null });
  expect(await ask({ CORS_ORIGINS: '*' }, 'https://c.example')).toMatchObject({ origin: 'https://c.example' });
});

it('answers what browsers ask beforehand', async () => {
  expect(await ask(LISTED, 'https://a.example', 'OPTIONS')).toMatchObject({ status: 204, origin: 'https://a.example' });
  expect(await ask(LISTED, 'https://c.example', 'OPTIONS')).toMatchObject({ status: 405, origin: null });
});
