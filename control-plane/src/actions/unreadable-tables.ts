import { CustardError, isCustardError } from '#core/errors.ts';
import type { DatabaseSchema } from '#core/schema.ts';

const MAX_NAMED = 3;

/**
 * UNSURE of a question that names tables which are there and which the role may not read, saying so: to whoever asked they
 * would otherwise seem not to exist. Any other error as it is.
 */
export function namingTheUnreadable(error: unknown, question: string, { tables }: DatabaseSchema): unknown {
  if (!isCustardError(error) || error.code !== 'UNSURE') return error;
  const asked = new Set(words(question));
  const unreadable = tables.filter(({ name, readable }) => {
    const own = readable ? [] : words(name);
    return own.length > 0 && own.every((word) => asked.has(word));
  });
  if (unreadable.length === 0) return error;
  const names = unreadable
    .slice(0, MAX_NAMED)
    .map(({ schema, name }) => (schema === null ? name : `${schema}.${name}`));
  return new CustardError('UNSURE', `The database role has no right to read ${names.join(', ')}. ${error.message}`, {
    hint: 'Have SELECT on it granted to the role of the agent, or ask about other tables: custard schema list.',
    cause: error,
    details: error.details,
  });
}

/** Lower case, split where names are, without the plural's s. */
function words(text: string): string[] {
  const parts =
    text
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.map((word) => (word.length > 3 ? word.replace(/ies$/, 'y').replace(/s$/, '') : word));
}
