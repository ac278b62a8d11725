import { z } from 'zod';
import type { Draft } from '../sql-writer.ts';

const Texts = z
  .array(z.string())
  .nullish()
  .transform((texts) => texts ?? []);

/** A statement that is JSON (MongoDB's) some models write as JSON, and not as text that holds it. */
const Statement = z.preprocess(
  (sql) => (typeof sql === 'object' && sql !== null ? JSON.stringify(sql) : sql),
  z.string().trim().min(1),
);

const ModelAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('statement'), sql: Statement, assumptions: Texts }),
  z.object({ kind: z.literal('clarify'), question: z.string().trim().min(1), choices: Texts }),
  z.object({ kind: z.literal('unsure'), reason: z.string().trim().min(1) }),
]);

/** For endpoints that hold a model to a JSON schema. Theirs have no unions at the root: every key is there, or null. */
export const ANSWER_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'sql', 'assumptions', 'question', 'choices', 'reason'],
  properties: {
    kind: { type: 'string', enum: ['statement', 'clarify', 'unsure'] },
    sql: { type: ['string', 'null'] },
    assumptions: { type: 'array', items: { type: 'string' } },
    question: { type: ['string', 'null'] },
    choices: { type: 'array', items: { type: 'string' } },
    reason: { type: ['string', 'null'] },
  },
} as const;

/** The model's text as a draft, also when it wrapped it into prose or a code block. Null when there is none in it. */
export function readDraft(text: string, model: string): Draft | null {
  for (const candidate of jsonCandidates(text)) {
    const answer = ModelAnswer.safeParse(isBarePipeline(candidate) ? { kind: 'statement', sql: candidate } : candidate);
    if (!answer.success) continue;
    if (answer.data.kind !== 'statement') return answer.data;
    return { ...answer.data, sql: withoutSemicolon(answer.data.sql), model, reading: [] };
  }
  const sql = /```sql\s*\n([\s\S]+?)```/i.exec(text)?.[1]?.trim();
  if (sql === undefined || sql === '') return null;
  return { kind: 'statement', sql: withoutSemicolon(sql), model, assumptions: [], reading: [] };
}

/** MongoDB's statement alone, where the model left out what stands around it. */
const isBarePipeline = (candidate: unknown): boolean =>
  typeof candidate === 'object' && candidate !== null && 'collection' in candidate && !('kind' in candidate);

function* jsonCandidates(text: string): Generator<unknown> {
  const fenced = /```(?:json)?\s*\n([\s\S]+?)```/i.exec(text)?.[1];
  const braces = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  for (const candidate of [text, fenced, braces]) {
    const value = candidate === undefined ? undefined : tryParse(candidate);
    if (value !== undefined) yield value;
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON; the next candidate may be
  }
}

const withoutSemicolon = (sql: string): string => sql.replace(/\s*;\s*$/, '');
