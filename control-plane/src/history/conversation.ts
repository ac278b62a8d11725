/** Between the questions of a conversation, as one record of the history holds it. */
const GOES_ON = '\n↳ ';

/** One text for a question and those it goes on from, oldest first: what is kept of it, and what a person reads there. */
export const asConversation = (questions: readonly string[]): string => questions.join(GOES_ON);

export const questionsOf = (conversation: string): string[] => conversation.split(GOES_ON);
