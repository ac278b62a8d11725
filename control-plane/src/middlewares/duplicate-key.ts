/** The strings of JSON, and the characters that give it its shape. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/** A key that comes twice in one object of the text, which is JSON that JSON.parse has taken; null when none does. */
export function duplicateKey(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const keys = open.at(-1);
      const key: unknown = JSON.parse(last);
      if (typeof key !== 'string' || keys === undefined || keys === null) continue;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    last = token;
  }
  return null;
}
