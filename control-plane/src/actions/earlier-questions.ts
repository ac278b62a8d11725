import { CustardError } from '#core/errors.ts';
import type { Connection } from '../db/connection-repository.ts';
import { questionsOf } from '../history/conversation.ts';
import type { QueryHistory } from '../history/query-history.ts';
import type { Asked } from './run-query.ts';

/** Of a longer conversation the last ones are gone on from. */
const MOST_EARLIER = 10;

/** The questions that a follow-up goes on from, oldest first. NOT_FOUND when its id is none of the asker's own questions. */
export async function earlierQuestions(
  history: QueryHistory,
  { request, principal }: Pick<Asked, 'request' | 'principal'>,
  connection: Connection,
): Promise<string[]> {
  const id = request.follow_up;
  if (id === undefined) return [];
  const asked = await history.question({ ...principal, id });
  if (asked === null) {
    throw new CustardError('NOT_FOUND', `There is no question of yours with the id "${id}".`, {
      hint: 'Take the id of an answered question (data.id with --json, or --explain), or ask the whole question.',
    });
  }
  if (asked.connectionId !== connection.id) {
    throw new CustardError('NOT_FOUND', `That question was not asked of the connection "${connection.name}".`, {
      hint: 'Ask the connection it was asked of, or ask the whole question.',
    });
  }
  return questionsOf(asked.question).slice(-MOST_EARLIER);
}
