import type { MailTemplates } from './load-templates.ts';
import type { Message } from './message.ts';
import type { TemplateName, TemplateValues } from './templates.ts';

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** The mail with its values: people write their own names, so they are escaped, and a subject has one line. */
export function renderMail<Name extends TemplateName>(
  templates: MailTemplates,
  name: Name,
  { to, values }: { readonly to: string; readonly values: TemplateValues<Name> },
): Message {
  const { subject, text, html } = templates[name];
  const known = new Map<string, string>(Object.entries(values));
  const fill = (template: string, written: (value: string) => string): string =>
    template.replace(PLACEHOLDER, (_, key: string) => written(known.get(key) ?? ''));
  return {
    to,
    subject: fill(subject, oneLine),
    text: fill(text, oneLine),
    html: fill(html, (value) => escapeHtml(oneLine(value))),
  };
}

/** The placeholders of a text. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, key]) => key ?? '');
}

const oneLine = (value: string): string => value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
