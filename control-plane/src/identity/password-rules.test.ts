import { expect, it } from 'vitest';
import { PasswordRules } from './password-rules.ts';

const rules = new PasswordRules();
const OWNER = { email: 'ada.lovelace@example.com', names: ['Ada', 'Lovelace', 'Analytical Engines'] };

it.each([
  ...['gravel otter lantern 73 quilt', 'correct horse battery staple', 'kx8#mQ2pLw9z', 'blau Himmel sieben Tassen'],
  ...['}#)~[;&!/?+$', '长长的密码句子一二三四五六', 'пять зелёных чайников летят', '🦊🐢🦉🐝🦔🐙🦋🐌🦑🐞🦕🐳'],
])('take %s', async (password) => {
  await expect(rules.check(password, OWNER)).resolves.toBeUndefined();
});

it.each([
  ...[
    '🦊🐢🦉🐝🦔🐙🦋🐌🦑🐞🦕',
    'password1234',
    'PASSWORD1234',
    'P@ssw0rd2024!',
    'qwertyuiop123',
    'zyxwvutsrqponm',
    '!!!!!!!!!!!!',
  ],
  ...[
    'aaaaaaaaaaaaaaaa',
    'abcabcabcabc',
    'monkeydragon',
    'letmein-letmein',
    'iloveyou2024!!!',
    'custard-custard-1',
    'custard database',
    'Lovelace1815!',
    'analytical engines',
  ],
  ...['ada.lovelace@example.com', '19841984 1984', 'ｐａｓｓｗｏｒｄ１２３４'],
])('refuse %s', async (password) => {
  await expect(rules.check(password, OWNER)).rejects.toMatchObject({
    code: 'PASSWORD_REFUSED',
    hint: /unrelated words/,
  });
});

it('are done in a moment with the longest there is', async () => {
  const long = 'password1234 '.repeat(79).slice(0, 1024);
  await expect(rules.check(long, OWNER)).rejects.toMatchObject({ code: 'PASSWORD_REFUSED' });
});
