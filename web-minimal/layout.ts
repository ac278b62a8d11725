import { PAGES } from '#core/protocol/pages.ts';
import { type Html, html } from './html.ts';
import type { Assets } from './load-assets.ts';
import type { Page } from './page.ts';

/** A whole document. */
export function layout({ title, main, failed = false }: Page, { names }: Assets): Html {
  const asset = (name: keyof typeof names): string => `${PAGES.assets}/${names[name]}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${failed && 'Error: '}${title} · Custard</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="${asset('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${asset('style.css')}">
<script src="${asset('page.js')}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the page</a>
<header><a class="wordmark" href="${PAGES.start}"><img src="${asset('icon.svg')}" alt="" width="22" height="22">custard</a></header>
<main id="main">
<h1>${title}</h1>
${main}
</main>
<footer>Custard asks databases questions from a terminal, and only ever reads.</footer>
</body>
</html>
`;
}
