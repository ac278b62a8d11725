import { Refused } from '../../classify.ts';
import { type Entry, isOperator, type Json } from './json.ts';

/** Keys that read like names are told, anything else may be a value. */
const NAME = /^\$?[A-Za-z_][A-Za-z0-9_]{0,40}$/;

export function told(key: string): string {
  return NAME.test(key) ? key : isOperator(key) ? 'an operator' : 'a key';
}

/** What the guard does not know, or what MongoDB itself would not take. */
export function invalid(reason: string, { offset }: { readonly offset: number }, hint = 'Correct it there.'): never {
  throw new Refused({ code: 'STATEMENT_INVALID', reason, hint, offset });
}

export function notAllowed(reason: string, { offset }: { readonly offset: number }, hint: string): never {
  throw new Refused({ code: 'CONSTRUCT_NOT_ALLOWED', reason, hint, offset });
}

export function functionNotAllowed(reason: string, { offset }: { readonly offset: number }, hint: string): never {
  throw new Refused({ code: 'FUNCTION_NOT_ALLOWED', reason, hint, offset });
}

/** An object whose keys are all known; what they hold, by key. */
export function fields(json: Json, where: string, known: ReadonlySet<string>): ReadonlyMap<string, Entry> {
  if (json.kind !== 'object') return invalid(`${where} takes an object.`, json);
  for (const entry of json.entries) {
    if (!known.has(entry.key)) {
      notAllowed(`${where} has no option ${told(entry.key)} that the guard knows.`, entry, 'Leave it out.');
    }
  }
  return new Map(json.entries.map((entry) => [entry.key, entry]));
}

export function textOf(json: Json, where: string): string {
  return json.kind === 'string' ? json.text : invalid(`${where} has to be text.`, json);
}

export function itemsOf(json: Json, where: string): readonly Json[] {
  return json.kind === 'array' ? json.items : invalid(`${where} has to be an array.`, json);
}
