import { words } from '../../words.ts';

/** A data file's lines, each a name and the names of its arguments. */
export function namedArguments(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const lines = text.split('\n').map((line) => [...words(line)]);
  return new Map(lines.flatMap(([name, ...args]) => (name === undefined ? [] : [[name, new Set(args)] as const])));
}
