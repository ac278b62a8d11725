import type { WriteTask } from '../../sql-writer.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { type Token, tokenize } from '../text/tokenize.ts';
import { flagTexts } from './link-flags.ts';
import { linkQuestion, type Mentions } from './link-question.ts';
import { MOST_TEXTS, valueTexts } from './value-texts.ts';
import type { Vocabulary } from './word-pieces.ts';

/** One question of a conversation, its words linked to what they may name. */
export interface Turn {
  readonly question: string;
  readonly tokens: readonly Token[];
  readonly mentions: Mentions;
}

/** The question and those it goes on from, oldest first. The data is asked once, for the texts of all of them. */
export async function linkTurns(
  { question, earlier, findValues }: Pick<WriteTask, 'question' | 'earlier' | 'findValues'>,
  { index, vocabulary }: { readonly index: SchemaIndex; readonly vocabulary: Vocabulary },
): Promise<Turn[]> {
  const turns = [...earlier, question].map((text) => {
    const tokens = tokenize(text);
    return { question: text, tokens, texts: valueTexts(text, tokens) };
  });
  // Those of the last question first: they are kept where there are too many.
  const texts = turns.toReversed().flatMap((turn) => turn.texts.map(({ text }) => text));
  const found = await findValues([...new Set([...flagTexts(index), ...texts])].slice(0, MOST_TEXTS));
  return turns.map((turn) => ({ ...turn, mentions: linkQuestion({ ...turn, index, vocabulary, found }) }));
}
