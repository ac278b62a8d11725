import type { Egress } from '#core/policy/egress.ts';
import type { PhraseReading } from '#core/protocol/api.ts';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { DatabaseSchema } from '#core/schema.ts';

/** Turns a question into a statement. Two makers: openai/ (any compatible endpoint) and builtin/ (no model). */
export interface SqlWriter {
  readonly maker: 'openai' | 'builtin';
  write(task: WriteTask): Promise<Draft>;
}

export interface WriteTask {
  readonly question: string;
  /** The questions this one goes on from, oldest first; mostly none. */
  readonly earlier: readonly string[];
  readonly schema: DatabaseSchema;
  /** The asker's day, YYYY-MM-DD. */
  readonly today: string;
  /** Asks the agent where the data holds these texts. */
  readonly findValues: (texts: readonly string[]) => Promise<readonly FoundValue[]>;
  /** What may go to a model at most. */
  readonly egress: Egress;
  /** What was wrong with the drafts before this one, oldest first. */
  readonly rejected: readonly RejectedDraft[];
  readonly signal: AbortSignal;
}

export interface RejectedDraft {
  readonly sql: string;
  /** The guard's reason or the database's message. */
  readonly reason: string;
}

export type Draft =
  | {
      readonly kind: 'statement';
      readonly sql: string;
      readonly model: string | null;
      readonly assumptions: readonly string[];
      /** Phrase by phrase, where the writer can tell. */
      readonly reading: readonly PhraseReading[];
    }
  | { readonly kind: 'clarify'; readonly question: string; readonly choices: readonly string[] }
  /** `reason` is one sentence for the asker: what could not be placed, and the nearest things that are known. */
  | { readonly kind: 'unsure'; readonly reason: string };
