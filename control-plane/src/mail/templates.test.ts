import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadTemplates } from './load-templates.ts';
import { renderMail } from './render-mail.ts';
import { PLACEHOLDERS, type TemplateName } from './templates.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'custard-templates-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const values = {
  organization: 'Engines',
  inviter: 'Ada',
  role: 'member',
  link: 'https://c.example/x?token=a',
  days: '7',
};

it.each(Object.keys(PLACEHOLDERS) as TemplateName[])('%s fills every placeholder in text and HTML', async (name) => {
  const templates = await loadTemplates(null);
  const all = Object.fromEntries(PLACEHOLDERS[name].map((key) => [key, `<${key}>`]));
  const { subject, text, html } = renderMail(templates, name, { to: 'a@example.com', values: all as never });
  for (const part of [subject, text, html]) expect(part).not.toMatch(/\{\{|undefined/);
  if ('link' in all) expect([text.includes('<link>'), html.includes('&lt;link&gt;')]).toEqual([true, true]);
  expect(html).not.toContain('<link>');
});

it('never lets a name become markup, a header or a second line', async () => {
  const templates = await loadTemplates(null);
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('<script>', 'a\r\nBcc: b@example.com', '"onload="', '{{link}}', '\u2028')),
      (name) => {
        const mail = renderMail(templates, 'invitation', { to: 'a@example.com', values: { ...values, inviter: name } });
        expect(mail.subject).not.toMatch(/[\r\n\u2028]/);
        const reference = renderMail(templates, 'invitation', {
          to: 'a@example.com',
          values: { ...values, inviter: 'x' },
        });
        expect(mail.html.match(/</g)).toEqual(reference.html.match(/</g));
        expect(mail.html.match(/"/g)).toEqual(reference.html.match(/"/g));
      },
    ),
  );
});

it('takes those of a folder in place of its own, one by one', async () => {
  writeFileSync(
    join(folder, 'invitation.txt'),
    'Subject: Komm zu {{organization}}\n\n{{inviter}} lädt dich ein: {{link}}\n',
  );
  const templates = await loadTemplates(folder);
  const mail = renderMail(templates, 'invitation', { to: 'a@example.com', values });
  expect([mail.subject, mail.text]).toEqual(['Komm zu Engines', 'Ada lädt dich ein: https://c.example/x?token=a\n']);
  expect(mail.html).toContain('Accept the invitation');
});

it.each([
  ['invitation.txt', 'Hello {{inviter}}', /does not begin with a subject/],
  ['reset-password.html', '<a href="{{url}}">', /placeholder \{\{url\}\}/],
])('refuses a %s that is not right before anything is mailed', async (file, content, message) => {
  writeFileSync(join(folder, file), content);
  await expect(loadTemplates(folder)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message });
});
