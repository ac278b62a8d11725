/**
 * Cuts a psql script into its statements, by psql's own rules: a semicolon ends one outside of quotes, comments,
 * parentheses and BEGIN ATOMIC … END. Commands of psql's own and the data of COPY FROM STDIN are left out; variables
 * become text. https://www.postgresql.org/docs/current/app-psql.html
 */
export function statementsOf(script: string): string[] {
  const cut: Cut = { statements: [], text: '', depth: 0, blocks: 0 };
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(script); match !== null; match = TOKEN.exec(script)) {
    const [token] = match;
    if (token === '/*') cut.text += restOfComment(script);
    else if (token.startsWith('\\') && token !== '\\;') end(cut);
    else if (token === ';' && cut.depth === 0 && cut.blocks === 0) {
      const isData = /^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(cut.text.trim());
      end(cut);
      if (isData) skipData(script);
    } else add(cut, token);
  }
  end(cut);
  return cut.statements;
}

interface Cut {
  readonly statements: string[];
  text: string;
  depth: number;
  /** BEGIN ATOMIC and the CASEs in it that are open. */
  blocks: number;
}

const TOKEN =
  /--[^\n]*|\/\*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|\\;|\\[^\n]*|::|:'\w+'|:"\w+"|:[a-z]\w*|[A-Za-z_][\w$]*|[\s\S]/g;

function add(cut: Cut, token: string): void {
  if (token === '(') cut.depth++;
  else if (token === ')') cut.depth = Math.max(0, cut.depth - 1);
  else if (/^atomic$/i.test(token) && /\bbegin\s*$/i.test(cut.text)) cut.blocks = 1;
  else if (cut.blocks > 0 && /^case$/i.test(token)) cut.blocks++;
  else if (cut.blocks > 0 && /^end$/i.test(token)) cut.blocks--;
  const variable = /^:['"]?(\w+)/.exec(token);
  if (token === '\\;') cut.text += ';';
  else if (variable === null) cut.text += token;
  else cut.text += token.startsWith(":'") ? `'${variable[1]}'` : (variable[1] ?? '');
}

function end(cut: Cut): void {
  const text = cut.text.trim();
  if (text.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() !== '') cut.statements.push(text);
  Object.assign(cut, { text: '', depth: 0, blocks: 0 });
}

function restOfComment(script: string): string {
  const start = TOKEN.lastIndex;
  let depth = 1;
  while (depth > 0 && TOKEN.lastIndex < script.length) {
    const at = TOKEN.lastIndex;
    const two = script.slice(at, at + 2);
    if (two === '/*') depth++;
    if (two === '*/') depth--;
    TOKEN.lastIndex += two === '/*' || two === '*/' ? 2 : 1;
  }
  return `/*${script.slice(start, TOKEN.lastIndex)}`;
}

function skipData(script: string): void {
  const rest = script.slice(TOKEN.lastIndex);
  const close = /^\\\.\s*$/m.exec(rest);
  TOKEN.lastIndex += close === null ? 0 : close.index + close[0].length;
}
