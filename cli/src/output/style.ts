import { styleText } from 'node:util';
import type { OutputStream } from '../run-context.ts';

export type Style = (format: 'bold' | 'dim' | 'red' | 'yellow' | 'green', text: string) => string;

/** Colours as NO_COLOR, FORCE_COLOR, TERM and the stream allow; text has to be safe before it is styled. */
export function styleFor(stream: OutputStream, { color }: { readonly color: boolean }): Style {
  return color ? (format, text) => styleText(format, text, { stream, validateStream: true }) : (_, text) => text;
}
