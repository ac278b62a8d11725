import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalizeEmail } from './email-address.ts';

it.each([
  [' Ada.Lovelace@Example.COM ', 'ada.lovelace@example.com'],
  ['ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ada@example.com'],
  ["o'hara+news@sub.example.co.uk", "o'hara+news@sub.example.co.uk"],
  ['ada@exämple.com', 'ada@xn--exmple-cua.com'],
  ['ada@XN--exmple-CUA.com', 'ada@xn--exmple-cua.com'],
  ['ada@localhost', 'ada@localhost'],
])('has one form: %s', (typed, email) => {
  expect(normalizeEmail(typed)).toBe(email);
});

it('tells domains that look alike apart', () => {
  const [latin, cyrillic] = [normalizeEmail('ada@apple.com'), normalizeEmail('ada@\u0430pple.com')];
  expect(cyrillic).toMatch(/^ada@xn--/);
  expect(cyrillic).not.toBe(latin);
});

it.each([
  ...['', '@', 'ada', 'ada@', '@example.com', 'a b@example.com', 'ada@example..com', 'ada@.com', 'ada@example.com.'],
  ...['ada@127.0.0.1', 'ada@1', 'ada@[::1]', 'ada@-a.com', 'ada@a_b.com', 'ada@example.com/path', 'ada@%41.com'],
  ...[
    '\u0430da@example.com',
    'adа@example.com',
    'ada\u200D@example.com',
    'ada\0@example.com',
    'ada\r\nBcc: b@example.com',
  ],
  ...[
    '"ada"@example.com',
    'ada@b@example.com',
    '.ada@example.com',
    'a..da@example.com',
    `${'a'.repeat(65)}@example.com`,
  ],
  ...[`ada@${'a'.repeat(64)}.com`, `ada@${'a.'.repeat(130)}com`, 'a'.repeat(100_000), '<ada@example.com>'],
])('refuses %j', (typed) => {
  expect(normalizeEmail(typed)).toBeNull();
});

it('is itself again, plain ASCII, and safe to stand in a header or a page', () => {
  const address = fc
    .tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
    .map((parts) => parts.join('@'));
  fc.assert(
    fc.property(fc.oneof(address, fc.emailAddress(), fc.string({ unit: 'binary' })), (typed) => {
      const email = normalizeEmail(typed);
      if (email === null) return;
      expect(email).toMatch(/^[\x21-\x7E]+$/);
      expect(email).not.toMatch(/[<>"\\,;:\s]/);
      expect(email.length).toBeLessThanOrEqual(254);
      expect(normalizeEmail(email)).toBe(email);
      expect(normalizeEmail(` ${email.toUpperCase()} `)).toBe(email);
    }),
    { numRuns: 2000 },
  );
});
