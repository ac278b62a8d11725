import type { SchemaRefresh } from '#core/protocol/api.ts';

/** What a refresh found, in words: one line, and one for each table that is another than before. */
export function refreshText(connection: string, { table_count: count, changes }: SchemaRefresh): string {
  const head = `${connection}: ${count.toLocaleString('en')} tables and views`;
  if (changes === null) return `${head}, read for the first time.\n`;
  const { added, removed, changed } = changes;
  if (added.count + removed.count + changed.count === 0) return `${head}; nothing has changed.\n`;
  const counts = [
    [added.count, 'added'],
    [removed.count, 'removed'],
    [changed.count, 'changed'],
  ] as const;
  const lines = [
    ...added.tables.map((table) => `+ ${table}`),
    ...more(added.count, added.tables.length, 'added'),
    ...removed.tables.map((table) => `- ${table}`),
    ...more(removed.count, removed.tables.length, 'removed'),
    ...changed.tables.map(({ table, changes: texts }) => `~ ${table}: ${texts.join('; ')}`),
    ...more(changed.count, changed.tables.length, 'changed'),
  ];
  const summary = counts.flatMap(([number, word]) => (number === 0 ? [] : [`${number.toLocaleString('en')} ${word}`]));
  return `${head}; ${summary.join(', ')}.\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function more(count: number, named: number, word: string): string[] {
  return count > named ? [`  and ${(count - named).toLocaleString('en')} more ${word}`] : [];
}
