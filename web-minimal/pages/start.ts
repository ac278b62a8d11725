import { PAGES } from '#core/protocol/pages.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';

interface Start {
  /** Where people reach this server. */
  readonly server: string;
  readonly signup: 'open' | 'invited';
}

/** What this server is, and how to go on. */
export function startPage({ server, signup }: Start): Page {
  const comeIn =
    signup === 'open'
      ? html`<p>New here? Make an account, and follow the link in the mail that comes:</p>
<pre><code>custard signup</code></pre>
<p>Then, and ever after, log in:</p>
<pre><code>custard login</code></pre>`
      : html`<p>People come in by invitation here: ask an owner or admin of your organization for one, and follow the link in the mail. Then log in:</p>
<pre><code>custard login</code></pre>`;
  return {
    title: 'This is a Custard server',
    main: html`<p class="lead">Custard answers questions about databases, in a terminal. It cannot change anything in them. You work with it in the terminal; here are only the few pages that take a browser.</p>
<h2>In the terminal</h2>
<p>Say which server you mean:</p>
<pre><code>export CUSTARD_API_URL=${server}</code></pre>
${comeIn}
<h2>In the browser</h2>
<ul class="links">
<li><a href="${PAGES.device}">Let a device in</a></li>
<li><a href="${PAGES.forgotPassword}">Set a new password</a></li>
<li><a href="${PAGES.resendVerification}">Get another mail to confirm your address</a></li>
</ul>`,
  };
}
