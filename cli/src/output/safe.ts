/**
 * Shows what would steer a terminal instead of passing or dropping it. Every value that did not come
 * from this program's own text goes through here before it is styled or measured.
 *
 * Stripping escape sequences is not enough: CR and BS overwrite, C1 codes are sequences of one
 * character, an OSC without its end swallows what follows, bidi overrides reorder a line, and the
 * halves of a sequence come together once what stood between them is stripped.
 */

/** Format characters that are seen, as signs of their own: the Arabic number sign and its like. */
const VISIBLE_FORMAT = String.raw`\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}`;
/** Controls, lone surrogates, line and paragraph separators, and format characters (bidi, zero width). */
const UNSAFE = String.raw`[\p{Cc}\p{Cs}\u2028\u2029[\p{Cf}--[${VISIBLE_FORMAT}]]]`;
/** Unsafe characters where they are part of a glyph. */
const KEPT = [
  // England's flag and its like: tag characters, closed by the cancel tag.
  String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}`,
  // Joiners between the parts of one emoji.
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)\u200d(?=\p{Extended_Pictographic})`,
  // Joiners and non-joiners inside words of the scripts that are written with them.
  String.raw`(?<=[[\p{L}\p{M}]--[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Inherited}]])[\u200c\u200d](?=[\p{L}\p{M}])`,
].join('|');

const FIRST_UNSAFE = new RegExp(UNSAFE, 'v');
const KEPT_OR_UNSAFE = new RegExp(`(?<kept>${KEPT})|${UNSAFE}`, 'gv');

/** For one line: line feeds and tabs are shown like the rest. */
export function safe(text: string): string {
  return FIRST_UNSAFE.test(text) ? text.replace(KEPT_OR_UNSAFE, (found, kept) => kept ?? visible(found)) : text;
}

/** For a statement or a message of several lines: line feeds stay, the rest is as in `safe`. */
export function safeLines(text: string): string {
  return FIRST_UNSAFE.test(text) ? text.replaceAll('\r\n', '\n').split('\n').map(safe).join('\n') : text;
}

/** For JSON text: JSON's own escapes, so that what is printed means the same. Line feeds between values stay. */
export function safeJson(json: string): string {
  if (!FIRST_UNSAFE.test(json)) return json;
  return json.replace(KEPT_OR_UNSAFE, (found, kept) => kept ?? (found === '\n' ? found : jsonEscape(found)));
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // Unicode's control pictures: ␀ … ␛ … ␟, and ␡
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return code > 0xffff ? `\\u{${code.toString(16)}}` : jsonEscape(character);
}

function jsonEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
