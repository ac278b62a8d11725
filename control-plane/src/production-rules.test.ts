import { expect, it } from 'vitest';
import { parseEnvironment } from './env.ts';

const GOOD = {
  ...{ CUSTARD_ENV: 'production', PUBLIC_URL: 'https://custard.example/', DATABASE_URL: 'postgres://u:p@db/custard' },
  ...{ JWT_SECRET_KEY: 'x4fT9q!mZp2Lw8Rk0Vd6Yh3Nb7Jc5Gs1', CORS_ORIGINS: 'https://app.example' },
};

it('takes what is fit for production', () => {
  expect(parseEnvironment(GOOD)).toMatchObject({ production: true, publicUrl: 'https://custard.example' });
  expect(parseEnvironment({ ...GOOD, JWT_SECRET_KEY: '' }).jwtSecret).toBeNull();
});

it.each([
  ['a public address without TLS', { PUBLIC_URL: 'http://custard.example' }, /PUBLIC_URL: .*unencrypted/],
  ['no public address', { PUBLIC_URL: '' }, /PUBLIC_URL: links/],
  ['a short secret', { JWT_SECRET_KEY: 'x4fT9q!mZp2Lw8Rk0Vd6' }, /JWT_SECRET_KEY: weak/],
  ['a secret of few letters', { JWT_SECRET_KEY: 'abcabcabcabcabcabcabcabcabcabcabcabc' }, /JWT_SECRET_KEY: weak/],
  ['a secret out of an example', { JWT_SECRET_KEY: 'please-change-me-0123456789abcdef' }, /JWT_SECRET_KEY: weak/],
  ['a weak secret of before', { JWT_SECRET_KEY_PREVIOUS: 'secret' }, /JWT_SECRET_KEY_PREVIOUS: weak/],
  ['every origin', { CORS_ORIGINS: '*' }, /CORS_ORIGINS: every web site/],
])('refuses in production %s, and takes it elsewhere', (_, wrong, message) => {
  const parse = () => parseEnvironment({ ...GOOD, ...wrong });
  expect(parse).toThrow(message);
  expect(parse).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', hint: expect.stringContaining('start again') }),
  );
  expect(parseEnvironment({ ...GOOD, ...wrong, CUSTARD_ENV: 'development' }).production).toBe(false);
});
