import type { FoundValue } from '#core/protocol/messages.ts';
import type { DatabaseSchema } from '#core/schema.ts';
import type { Draft, SqlWriter, WriteTask } from '../sql-writer.ts';
import { CannotWrite } from './documents/cannot-write.ts';
import { placeInView, relationalView } from './documents/relational-view.ts';
import { writePipeline } from './documents/write-pipeline.ts';
import { phraseReadings } from './explain/phrase-readings.ts';
import { parseConversation } from './follow-up/parse-conversation.ts';
import { SQL_DIALECTS, type SqlDialect } from './generate-sql/dialect-table.ts';
import { writeSelect } from './generate-sql/write-select.ts';
import { buildSynonyms, type SynonymTable } from './lexicon/synonyms.ts';
import { linkTurns, type Turn } from './link/link-turns.ts';
import { respell } from './link/respell.ts';
import { buildVocabulary, type Vocabulary } from './link/word-pieces.ts';
import type { Select } from './logical-form.ts';
import { type ReadQuestion, type ReadResult, readQuestion } from './resolve/read-question.ts';
import { buildSchemaIndex, type SchemaIndex } from './schema-index/schema-index.ts';
import { stem } from './text/stem.ts';
import { unsureOfWord } from './unsure.ts';

interface Prepared {
  readonly index: SchemaIndex;
  readonly vocabulary: Vocabulary;
  /** Writes a reading in the engine's own language. Throws CannotWrite. */
  readonly write: (select: Select) => string;
  /** Where the index has what the agent found. */
  readonly place: (found: readonly FoundValue[]) => readonly FoundValue[];
}

const TOO_DOUBTFUL = 0.65;
const TOO_CLOSE = 0.02;

/** The planner that needs no model: what it can read for certain it answers, of all else it says UNSURE. */
export function builtinWriter(): SqlWriter {
  const prepared = new WeakMap<DatabaseSchema, Prepared>();
  const synonyms = buildSynonyms((phrase) => phrase.split(' ').map(stem).join(' '));
  const prepare = (schema: DatabaseSchema): Prepared => {
    const known = prepared.get(schema);
    if (known !== undefined) return known;
    const { dialect } = schema;
    const fresh =
      dialect === 'mongodb' ? forDocuments(schema, synonyms) : forTables(schema, SQL_DIALECTS[dialect], synonyms);
    prepared.set(schema, fresh);
    return fresh;
  };
  return { maker: 'builtin', write: (task) => write(task, prepare(task.schema)) };
}

function forTables(schema: DatabaseSchema, dialect: SqlDialect, synonyms: SynonymTable): Prepared {
  const index = buildSchemaIndex(schema);
  return {
    ...{ index, vocabulary: buildVocabulary(index, synonyms), place: (found) => found },
    write: (select) => writeSelect(select, { dialect, schema }),
  };
}

function forDocuments(schema: DatabaseSchema, synonyms: SynonymTable): Prepared {
  const view = relationalView(schema);
  const index = buildSchemaIndex(view.schema);
  return {
    ...{ index, vocabulary: buildVocabulary(index, synonyms), place: (found) => placeInView(found, view) },
    write: (select) => writePipeline(select, view),
  };
}

async function write(task: WriteTask, prepared: Prepared, respelled: string | null = null): Promise<Draft> {
  // The same question gives the same statement: once refused, there is nothing else to try.
  if (task.rejected.length > 0) return unsure('The statement made for this question was refused.');
  const findValues: WriteTask['findValues'] = async (texts) => prepared.place(await task.findValues(texts));
  const turns = await linkTurns({ ...task, findValues }, prepared);
  if (turns.at(-1)?.tokens.length === 0) return unsure('There is no question.');
  const parsed = parseConversation(turns, task.today);
  if (parsed.kind === 'stuck') {
    const reason = unsureOfWord(parsed.turn, parsed.at, prepared.index, task.earlier);
    return respelled === null && parsed.turn === turns.at(-1)
      ? await writeRespelled(task, prepared, { turn: parsed.turn, at: parsed.at, reason })
      : unsure(reason);
  }
  return draft(readQuestion(parsed.tree, prepared.index, task.today), {
    task,
    turns,
    from: parsed.from,
    write: prepared.write,
  });
}

interface Stuck {
  readonly turn: Turn;
  readonly at: number;
  readonly reason: string;
}

/** The same question with the one value that the word it got stuck at may be a slip of; several are asked back. */
async function writeRespelled(task: WriteTask, prepared: Prepared, { turn, at, reason }: Stuck): Promise<Draft> {
  const respelling = await respell(turn.tokens, at, task.findValues);
  if (respelling === null) return unsure(reason);
  const { token, values } = respelling;
  const [value, ...others] = values;
  if (value === undefined || others.length > 0)
    return { kind: 'clarify', question: `“${token.text}” is not found. Which is meant?`, choices: values };
  const question = `${task.question.slice(0, token.start)}${value}${task.question.slice(token.end)}`;
  const written = await write({ ...task, question }, prepared, token.text);
  if (written.kind !== 'statement') return unsure(reason);
  return { ...written, assumptions: [`“${token.text}” is read as ${value}.`, ...written.assumptions] };
}

interface Written {
  readonly task: WriteTask;
  readonly turns: readonly Turn[];
  /** The question this one goes on from. */
  readonly from: string | null;
  readonly write: Prepared['write'];
}

/** The likeliest reading as a statement, if it is likely enough and no other comes near. */
function draft(result: ReadResult, { task, turns, from, write: writer }: Written): Draft {
  if (result.kind === 'failed') {
    if (result.choices.length < 2) return unsure(sentence(result.reason));
    return { kind: 'clarify', question: `${sentence(result.reason)} Which is meant?`, choices: result.choices };
  }
  const [best, ...others] = result.readings;
  if (best === undefined || best.cost > TOO_DOUBTFUL) return unsure('No reading of this question is likely enough.');
  const sql = statementOf(best, writer);
  if (sql === null) return unsure('This question was understood, but it cannot be asked in one statement here.');
  const rival = others.find((other) => other.cost - best.cost < TOO_CLOSE && statementOf(other, writer) !== sql);
  if (rival !== undefined) return unsure('This question can be read in several ways, and nothing says which is meant.');
  const goesOn = from === null ? [] : [`This goes on from “${from}”.`];
  const reading = turns.flatMap((turn) => phraseReadings(turn, best.notes, task.today));
  return { kind: 'statement', sql, model: null, assumptions: [...goesOn, ...best.assumptions], reading };
}

function statementOf({ select }: ReadQuestion, writer: Prepared['write']): string | null {
  try {
    return writer(select);
  } catch (error) {
    if (error instanceof CannotWrite) return null;
    throw error;
  }
}

const unsure = (reason: string): Draft => ({ kind: 'unsure', reason });

/** Some reasons are clauses, others name what the question would come to. */
const CLAUSE = /\b(is|are|has|have|cannot|says|say|may|connects|needs|joins)\b/;

function sentence(reason: string): string {
  if (!CLAUSE.test(reason)) return `This would come to ${reason}, which is not answered.`;
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
