/** What mails say. A folder of files can say it differently: see docs/accounts.md. */
export interface MailTemplate {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface MailText {
  readonly subject: string;
  readonly before: readonly string[];
  readonly button?: string;
  readonly after: readonly string[];
}

/** Each with the placeholders that it may hold. */
export const PLACEHOLDERS = {
  signup: ['name', 'link', 'hours'],
  'already-registered': ['link'],
  'email-change': ['name', 'link', 'hours'],
  'email-changed': ['name', 'email'],
  'reset-password': ['name', 'link', 'minutes'],
  'password-changed': ['name', 'link'],
  invitation: ['organization', 'inviter', 'role', 'link', 'days'],
} as const satisfies Record<string, readonly string[]>;

export type TemplateName = keyof typeof PLACEHOLDERS;
export type TemplateValues<Name extends TemplateName> = Readonly<Record<(typeof PLACEHOLDERS)[Name][number], string>>;

const NOT_YOU = 'If you did not ask for this, do nothing: without the link nothing happens.';

const TEXTS: Readonly<Record<TemplateName, MailText>> = {
  signup: {
    subject: 'Confirm your e-mail address for Custard',
    before: ['Hello {{name}},', 'somebody, you we hope, signed up for Custard with this address. Confirm it:'],
    button: 'Confirm this address',
    after: ['The link is good for {{hours}} hours, once.', NOT_YOU],
  },
  'already-registered': {
    subject: 'You have a Custard account already',
    before: [
      'Hello,',
      'somebody, you perhaps, signed up for Custard with this address, which has an account already. Nothing was changed.',
      'Log in with the password you have, or set a new one:',
    ],
    button: 'Set a new password',
    after: ['If it was not you, there is nothing to do.'],
  },
  'email-change': {
    subject: 'Confirm your new e-mail address for Custard',
    before: ['Hello {{name}},', 'your Custard account is to use this address from now on. Confirm it:'],
    button: 'Confirm this address',
    after: ['The link is good for {{hours}} hours, once.', NOT_YOU],
  },
  'email-changed': {
    subject: 'Your Custard account has a new e-mail address',
    before: ['Hello {{name}},', 'your Custard account uses the address {{email}} from now on, and no longer this one.'],
    after: ['If that was not you, tell the owner of your organization, or who runs your Custard, at once.'],
  },
  'reset-password': {
    subject: 'Set a new password for Custard',
    before: ['Hello {{name}},', 'somebody, you we hope, asked for a new password for this account. Set it here:'],
    button: 'Set a new password',
    after: ['The link is good for {{minutes}} minutes, once. It ends every session.', NOT_YOU],
  },
  'password-changed': {
    subject: 'Your Custard password was changed',
    before: ['Hello {{name}},', 'the password of your Custard account was changed just now.'],
    after: ['If that was not you, set a new one at once: {{link}}'],
  },
  invitation: {
    subject: '{{inviter}} invites you to {{organization}} on Custard',
    before: [
      'Hello,',
      '{{inviter}} invites you to the organization {{organization}} on Custard, with the role {{role}}.',
    ],
    button: 'Accept the invitation',
    after: ['The link is good for {{days}} days, once.', 'If you do not know who that is, do nothing.'],
  },
};

export function builtinTemplate(name: TemplateName): MailTemplate {
  const { subject, before, button, after } = TEXTS[name];
  const link = button === undefined ? [] : ['{{link}}'];
  return { subject, text: `${[...before, ...link, ...after].join('\n\n')}\n`, html: html(TEXTS[name]) };
}

/** No pictures, nothing fetched, readable without styles. */
function html({ subject, before, button, after }: MailText): string {
  const paragraphs = (texts: readonly string[]) => texts.map((text) => `<p>${text}</p>`).join('\n');
  const action =
    button === undefined
      ? ''
      : `<p><a href="{{link}}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#1f4b99;color:#ffffff;text-decoration:none">${button}</a></p>
<p style="color:#555555;font-size:14px">Or open this address:<br>{{link}}</p>`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${subject}</title></head>
<body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:36em;margin:2em auto;padding:0 1em;color:#1a1a1a;background:#ffffff">
${paragraphs(before)}
${action}
${paragraphs(after)}
</body>
</html>
`;
}
