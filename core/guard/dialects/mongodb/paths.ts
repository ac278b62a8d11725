import { words } from '../../words.ts';
import { isOperator, type Json } from './json.ts';
import { SYSTEM_VARIABLES } from './operator-names.ts';
import type { Place, Reading } from './reading.ts';
import { invalid, notAllowed, textOf, told } from './refuse.ts';

/** Parts of references, which have fields of such names. */
const REFERENCE_PARTS: ReadonlySet<string> = new Set(['$ref', '$id', '$db']);

/** The path of a field as a query, a projection or a sort names it. */
export function checkPath(path: string, at: { readonly offset: number }): string {
  const parts = path.split('.');
  if (parts.includes('')) invalid('A field path has an empty part.', at);
  const [first = ''] = parts;
  if (isOperator(first) || parts.some((part) => isOperator(part) && !REFERENCE_PARTS.has(part))) {
    notAllowed(`${told(first)} stands where the guard expects the path of a field.`, at, 'Name the field without $.');
  }
  return path;
}

export function pathOf(json: Json, where: string): string {
  return checkPath(textOf(json, where), json);
}

const SYSTEM = words(SYSTEM_VARIABLES);
const DOCUMENTS: ReadonlySet<string> = new Set(['ROOT', 'CURRENT']);

/** `$field.path`, `$$variable.path`, or text. */
export function readText({ notes }: Reading, text: string, place: Place, offset: number): void {
  if (!text.startsWith('$')) return;
  const [variable = '', ...rest] = text.startsWith('$$')
    ? text.slice(2).split('.')
    : ['CURRENT', ...text.slice(1).split('.')];
  if ([variable, ...rest].includes('')) invalid('A field path has an empty part.', { offset });
  if (DOCUMENTS.has(variable)) {
    if (rest.length === 0) notes.document(place.flow, offset);
    else notes.field(place.flow, rest.join('.'), offset);
    return;
  }
  if (place.variables.has(variable) || SYSTEM.has(variable)) return;
  if (variable === 'USER_ROLES') {
    notAllowed('$$USER_ROLES shows what the database user may do.', { offset }, 'Leave it out.');
  }
  invalid('There is a variable that nothing defines.', { offset }, 'Define it with $let, or write one $ for a field.');
}

const VARIABLE = /^[a-z\u0080-\u{10ffff}][A-Za-z0-9_\u0080-\u{10ffff}]*$/u;

/** The name of a variable of the statement's own. */
export function variableName(name: string, at: { readonly offset: number }): string {
  return VARIABLE.test(name)
    ? name
    : invalid('A variable’s name has to begin with a small letter and to hold letters, digits and _.', at);
}
