import { MIN_PASSWORD_CHARACTERS } from '#core/protocol/accounts.ts';
import type { PagePath } from '#core/protocol/pages.ts';
import { type Html, html } from './html.ts';

/** What is wrong with a form: with one of its fields, or with all of it. */
export interface Problem {
  readonly field?: string;
  readonly message: string;
  /** Where to go on, after the message. */
  readonly way?: Html;
}

/** What a form is shown with: what was typed already, never a password, and what is wrong with it. */
export interface FormState {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

export const EMPTY_FORM: FormState = { values: {}, problems: [] };

interface FormOptions {
  readonly action: PagePath;
  readonly fields: readonly Html[];
  readonly button: Html;
  readonly hidden?: Readonly<Record<string, string>>;
}

export function form({ action, fields, button, hidden = {} }: FormOptions): Html {
  const carried = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  );
  return html`<form method="post" action="${action}" novalidate>
${carried}${fields}<div class="buttons">${button}</div>
</form>`;
}

export const submit = (label: string): Html => html`<button type="submit">${label}</button>`;

/** Above the form, read out and focused first; each line leads to its field. */
export function problemSummary({ problems }: FormState): Html {
  if (problems.length === 0) return html``;
  const lines = problems.map(
    ({ field, message, way }) =>
      html`<li>${field === undefined ? message : html`<a href="#${field}">${message}</a>`}${way && html` ${way}`}</li>`,
  );
  return html`<div class="problems" role="alert" tabindex="-1" autofocus>
<h2>That did not work</h2>
<ul>${lines}</ul>
</div>`;
}

interface FieldOptions {
  readonly name: string;
  readonly label: string;
  readonly state: FormState;
  readonly type?: 'text' | 'email';
  /** https://html.spec.whatwg.org/#autofill-field */
  readonly autocomplete: string;
  readonly hint?: string;
}

export function field({ name, label, state, type = 'text', autocomplete, hint }: FieldOptions): Html {
  const { described, notes, invalid } = describe(name, state, hint);
  const asIs = html` autocapitalize="none" spellcheck="false"`;
  return html`<div class="field">
<label for="${name}">${label}</label>
${notes}<input id="${name}" name="${name}" type="${type}" value="${state.values[name] ?? ''}" autocomplete="${autocomplete}"${type === 'email' && asIs}${described}${invalid}>
</div>
`;
}

/** For password managers, which want to know whose password it is. It has no name, so it is not sent. */
export const userName = (email: string): Html =>
  html`<input type="text" value="${email}" autocomplete="username" readonly hidden>\n`;

interface PasswordOptions {
  readonly label: string;
  readonly state: FormState;
  readonly isNew: boolean;
}

/** page.js adds a button that shows it, and counts the characters of a new one. */
export function passwordField({ label, state, isNew }: PasswordOptions): Html {
  const hint = isNew
    ? `At least ${MIN_PASSWORD_CHARACTERS} characters, of any kind. Four or more unrelated words are good, or what a password manager makes.`
    : undefined;
  const { described, notes, invalid } = describe('password', state, hint);
  const count = isNew && html` data-at-least="${MIN_PASSWORD_CHARACTERS}"`;
  return html`<div class="field">
<label for="password">${label}</label>
${notes}<input id="password" name="password" type="password" autocomplete="${isNew ? 'new-password' : 'current-password'}"${count}${described}${invalid}>
</div>
`;
}

function describe(name: string, { problems }: FormState, hint: string | undefined) {
  const problem = problems.find(({ field: named }) => named === name);
  const ids = [hint === undefined ? '' : `${name}-hint`, problem === undefined ? '' : `${name}-problem`];
  const listed = ids.filter((id) => id !== '').join(' ');
  return {
    described: listed !== '' && html` aria-describedby="${listed}"`,
    invalid: problem !== undefined && html` aria-invalid="true"`,
    notes: html`${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>\n`}${
      problem && html`<p class="problem" id="${name}-problem">${problem.message}</p>\n`
    }`,
  };
}
