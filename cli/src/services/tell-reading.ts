import type { Narrator } from '../output/narrator.ts';
import type { QueryOutcome } from '../output/result-writer.ts';

/** How the question was read, phrase by phrase, and how to go on from it. */
export function tellReading({ start, statement, columns }: QueryOutcome, narrator: Pick<Narrator, 'tell'>): void {
  if (statement === null) return;
  const width = Math.max(0, ...statement.reading.map(({ phrase }) => phrase.length));
  for (const { phrase, reads } of statement.reading) narrator.tell(`read: ${phrase.padEnd(width)}  ${reads}`);
  if (statement.reading.length === 0) narrator.tell('read: by a model, which does not say how.');
  // What was not run is kept nowhere.
  if (start !== null && columns.length > 0) narrator.tell(`to go on: --follow-up ${start.id}`);
}
