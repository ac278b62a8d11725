import { expect, test } from 'vitest';
import type { Draft } from '../../sql-writer.ts';
import { builtinWriter } from '../builtin-writer.ts';
import { SHOP } from '../testing/shop.sql.ts';
import { ask, openFixture } from '../testing/sqlite-fixture.ts';
import { SHOP_QUESTIONS } from './shop-questions.ts';

/** Read the file: it is what the planner knows. After a change, `npx vitest run <this file> -u` writes it anew; read what changed. */
test('what is asked of the demo shop is read as the golden file says, and runs', async () => {
  const shop = openFixture(SHOP);
  const writer = builtinWriter();
  const entries: string[] = [];
  for (const question of SHOP_QUESTIONS) {
    const draft = await ask(writer, shop, question);
    if (draft.kind === 'statement') shop.rows(draft.sql);
    entries.push(`${question}\n${indent(describeDraft(draft))}`);
  }
  expect(SHOP_QUESTIONS.length).toBeGreaterThanOrEqual(200);
  await expect(`${entries.join('\n\n')}\n`).toMatchFileSnapshot('./shop.golden.txt');
});

function describeDraft(draft: Draft): string {
  switch (draft.kind) {
    case 'statement':
      return [draft.sql, ...draft.assumptions.map((assumption) => `-- ${assumption}`)].join('\n');
    case 'clarify':
      return `CLARIFY ${draft.question} (${draft.choices.join(' | ')})`;
    case 'unsure':
      return `UNSURE ${draft.reason}`;
    default:
      return draft satisfies never;
  }
}

const indent = (text: string): string => text.replaceAll(/^/gm, '    ');
