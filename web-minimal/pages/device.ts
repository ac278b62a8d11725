import type { DeviceGrantView } from '#core/protocol/accounts.ts';
import { PAGES } from '#core/protocol/pages.ts';
import { EMPTY_FORM, type FormState, field, form, passwordField, problemSummary, submit } from '../form.ts';
import { type Html, html } from '../html.ts';
import type { Page } from '../page.ts';

const TITLE = 'Let a device in';

/** Whoever lets a device in has to be logged in. */
export function deviceLogInPage(userCode: string, state: FormState = EMPTY_FORM): Page {
  return {
    title: 'Log in to let a device in',
    failed: state.problems.length > 0,
    main: html`${problemSummary(state)}
<p>Log in here first. You then see which device it is, and decide.</p>
${form({
  action: PAGES.logIn,
  hidden: userCode === '' ? {} : { user_code: userCode },
  fields: [
    field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'username', state }),
    passwordField({ label: 'Password', isNew: false, state }),
  ],
  button: submit('Log in'),
})}
<p class="aside"><a href="${PAGES.forgotPassword}">Set a new password</a> if you do not know it any more.</p>`,
  };
}

/** Who is logged in on the page, and what shows that a form was made for them. */
export interface PageVisitor {
  readonly email: string;
  readonly formToken: string;
}

export function deviceCodePage(visitor: PageVisitor, state: FormState = EMPTY_FORM): Page {
  return {
    title: TITLE,
    failed: state.problems.length > 0,
    main: html`${problemSummary(state)}
<p>The device shows a code of eight letters. It is good for ten minutes.</p>
<form method="get" action="${PAGES.device}" novalidate>
${field({ name: 'user_code', label: 'Code', autocomplete: 'off', hint: 'Such as BCDF-GHJK; capitals and the hyphen do not matter.', state })}<div class="buttons">${submit('Go on')}</div>
</form>
${signedIn(visitor)}`,
  };
}

export function deviceDecisionPage(visitor: PageVisitor, grant: DeviceGrantView): Page {
  const { user_code: userCode, client, address, created_at: since } = grant;
  const choose = (decision: string, label: string, look: string): Html =>
    html`<button type="submit" name="decision" value="${decision}" class="${look}">${label}</button>`;
  return {
    title: TITLE,
    main: html`<p>A device asks to use your account. Let it in only if you started it yourself just now, and it shows this code:</p>
<p class="code">${userCode}</p>
<dl>
<dt>Device</dt><dd>${client}</dd>
<dt>Asks from</dt><dd>${address}</dd>
<dt>Since</dt><dd><time datetime="${since}">${since.slice(11, 16)} UTC</time></dd>
</dl>
<p>Did somebody send you the code, or the link? Then turn it away: it would let them in.</p>
${form({
  action: PAGES.device,
  hidden: { user_code: userCode, form_token: visitor.formToken },
  fields: [],
  button: html`${choose('approve', 'Let it in', 'primary')}${choose('deny', 'Turn it away', 'quiet')}`,
})}
${signedIn(visitor)}`,
  };
}

function signedIn({ email, formToken }: PageVisitor): Html {
  return html`<div class="visitor">
<p>Logged in as <strong class="address">${email}</strong></p>
<form method="post" action="${PAGES.logOut}"><input type="hidden" name="form_token" value="${formToken}"><button type="submit" class="link">Log out</button></form>
</div>`;
}
