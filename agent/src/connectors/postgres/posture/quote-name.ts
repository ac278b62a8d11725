/** Controls, format characters (bidi, zero width), lone surrogates, and what Unicode calls line ends. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/**
 * A name for SQL that people look at and paste. `quoted` is what the server's quote_ident made of it,
 * which knows its keywords. What a terminal would hide or act on, or what would end a comment's line, is written
 * as PostgreSQL's own escapes.
 */
export function quoteName(name: string, quoted: string): string {
  if (!INVISIBLE.test(name)) return quoted;
  const escaped = [...name].map((character) => {
    if (character === '"') return '""';
    if (character === '\\') return '\\\\';
    return INVISIBLE.test(character) ? `\\+${codePoint(character)}` : character;
  });
  return `U&"${escaped.join('')}"`;
}

const codePoint = (character: string): string => (character.codePointAt(0) ?? 0).toString(16).padStart(6, '0');
