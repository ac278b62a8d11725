/** Where the control plane's pages are. Mails, devices and the pages themselves link by this table. */
export const PAGES = {
  start: '/',
  verifyEmail: '/verify-email',
  resendVerification: '/resend-verification',
  forgotPassword: '/forgot-password',
  resetPassword: '/reset-password',
  acceptInvitation: '/accept-invitation',
  device: '/device',
  logIn: '/log-in',
  logOut: '/log-out',
  done: '/done',
  assets: '/assets',
} as const;
export type PagePath = (typeof PAGES)[keyof typeof PAGES];

/** The path of a page with what follows its "?". */
export function pagePath(page: PagePath, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return search === '' ? page : `${page}?${search}`;
}
