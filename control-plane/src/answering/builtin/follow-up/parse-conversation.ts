import type { Turn } from '../link/link-turns.ts';
import { Cursor } from '../parse/cursor.ts';
import { parseQuestion } from '../parse/parse-question.ts';
import type { QuestionTree } from '../parse/question-tree.ts';
import { mergeFragment } from './merge-fragment.ts';
import { type Fragment, parseFragment } from './parse-fragment.ts';

export type ConversationResult =
  | {
      readonly kind: 'tree';
      readonly tree: QuestionTree /** The question it goes on from, if it does. */;
      readonly from: string | null;
    }
  /** The turn and the token that no rule could place. */
  | { readonly kind: 'stuck'; readonly turn: Turn; readonly at: number };

/** A question that stands alone is read alone; a fragment is read into the question before it. */
export function parseConversation(turns: readonly Turn[], today: string): ConversationResult {
  let before: { readonly tree: QuestionTree; readonly said: string; readonly from: string | null } | null = null;
  let stuck: ConversationResult | null = null;
  for (const turn of turns) {
    const fragment: Fragment | null =
      before === null ? null : parseFragment(new Cursor(turn.tokens, turn.mentions, today));
    if (before !== null && fragment !== null) {
      before = {
        tree: mergeFragment(before.tree, fragment),
        said: `${before.said} ${turn.question}`,
        from: before.said,
      };
      stuck = null;
      continue;
    }
    const parsed = parseQuestion(new Cursor(turn.tokens, turn.mentions, today));
    stuck = parsed.kind === 'stuck' ? { kind: 'stuck', turn, at: parsed.at } : null;
    if (parsed.kind === 'tree') before = { tree: parsed.tree, said: turn.question, from: null };
  }
  if (stuck !== null || before === null) return stuck ?? { kind: 'stuck', turn: lastOf(turns), at: 0 };
  return { kind: 'tree', tree: before.tree, from: before.from };
}

function lastOf(turns: readonly Turn[]): Turn {
  return turns.at(-1) ?? { question: '', tokens: [], mentions: [] };
}
