/** Markup that is safe to send: only `html` makes it. */
export class Html {
  readonly #markup: string;

  constructor(parts: readonly string[], values: readonly HtmlValue[]) {
    this.#markup = parts.reduce((before, part, index) => before + markupOf(values[index - 1]) + part);
  }

  toString(): string {
    return this.#markup;
  }
}

/** Text is escaped, lists are joined, nothing is left out for null, undefined and false. */
type HtmlValue = string | number | Html | readonly Html[] | null | undefined | false;

/**
 * The one way pages are written: whatever stands in it is escaped, unless it was written in this way itself. Values may
 * stand in text and in attributes with double quotes, nowhere else.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts, values);
}

function markupOf(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(String).join('');
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What HTML cannot hold at all (NUL, lone surrogates) becomes the sign for it. */
function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\0', '\uFFFD')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
