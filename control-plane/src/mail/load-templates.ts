import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CustardError } from '#core/errors.ts';
import { placeholdersOf } from './render-mail.ts';
import { builtinTemplate, type MailTemplate, PLACEHOLDERS, type TemplateName } from './templates.ts';

export type MailTemplates = Readonly<Record<TemplateName, MailTemplate>>;

const NAMES = Object.keys(PLACEHOLDERS) as TemplateName[];

/**
 * The templates, with those in the folder in place of the builtin ones: NAME.txt ("Subject: …", an empty line, the text)
 * and NAME.html. CONFIG_INVALID names the file that is not right.
 */
export async function loadTemplates(folder: string | null): Promise<MailTemplates> {
  const loaded = await Promise.all(NAMES.map(async (name) => [name, await load(folder, name)] as const));
  return Object.fromEntries(loaded) as Record<TemplateName, MailTemplate>;
}

async function load(folder: string | null, name: TemplateName): Promise<MailTemplate> {
  const builtin = builtinTemplate(name);
  if (folder === null) return builtin;
  const [text, html] = [
    await readIfThere(join(folder, `${name}.txt`)),
    await readIfThere(join(folder, `${name}.html`)),
  ];
  const template = {
    ...builtin,
    ...(text === null ? {} : split(text, `${name}.txt`)),
    ...(html === null ? {} : { html }),
  };
  const allowed: readonly string[] = PLACEHOLDERS[name];
  const unknown = placeholdersOf(Object.values(template).join('\n')).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) {
    throw wrong(
      `${name} has a placeholder {{${unknown[0]}}}`,
      `It may hold ${allowed.map((key) => `{{${key}}}`).join(', ')}.`,
    );
  }
  return template;
}

function split(file: string, named: string): Pick<MailTemplate, 'subject' | 'text'> {
  const [, subject, text] = /^Subject: *(\S[^\r\n]*)\r?\n\r?\n([\s\S]*)$/.exec(file) ?? [];
  if (subject === undefined || text === undefined) {
    throw wrong(`${named} does not begin with a subject`, 'Begin it with "Subject: …" and an empty line.');
  }
  return { subject, text };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw wrong(`${path} cannot be read`, 'Let the user the server runs as read it.', error);
  }
}

function wrong(problem: string, hint: string, cause?: unknown): CustardError {
  return new CustardError('CONFIG_INVALID', `The mail templates in MAIL_TEMPLATES are not right: ${problem}.`, {
    hint,
    cause,
  });
}
