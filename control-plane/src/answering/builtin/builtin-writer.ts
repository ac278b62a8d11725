import type { DatabaseSchema } from '#core/schema.ts';
import type { Draft, SqlWriter, WriteTask } from '../sql-writer.ts';
import { SQL_DIALECTS } from './generate-sql/dialect-table.ts';
import { writeSelect } from './generate-sql/write-select.ts';
import { buildSynonyms } from './lexicon/synonyms.ts';
import { flagTexts } from './link/link-flags.ts';
import { linkQuestion } from './link/link-question.ts';
import { MOST_TEXTS, valueTexts } from './link/value-texts.ts';
import { buildVocabulary, type Vocabulary } from './link/word-pieces.ts';
import { Cursor } from './parse/cursor.ts';
import { parseQuestion } from './parse/parse-question.ts';
import { readQuestion } from './resolve/read-question.ts';
import { buildSchemaIndex, type SchemaIndex } from './schema-index/schema-index.ts';
import { stem } from './text/stem.ts';
import { tokenize } from './text/tokenize.ts';
import { unsureOfWord } from './unsure.ts';

interface Prepared {
  readonly index: SchemaIndex;
  readonly vocabulary: Vocabulary;
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
    const index = buildSchemaIndex(schema);
    const fresh = { index, vocabulary: buildVocabulary(index, synonyms) };
    prepared.set(schema, fresh);
    return fresh;
  };
  return { maker: 'builtin', write: (task) => write(task, prepare(task.schema)) };
}

/** For engines that are not asked in SQL. */
const NEEDS_MODEL =
  'A question about MongoDB needs a model that writes it as a pipeline; the builtin planner writes SQL only.';

async function write(task: WriteTask, { index, vocabulary }: Prepared): Promise<Draft> {
  const dialect = SQL_DIALECTS[task.schema.dialect];
  if (dialect === null) return unsure(NEEDS_MODEL);
  // The same question gives the same statement: once refused, there is nothing else to try.
  if (task.rejected.length > 0) return unsure('The statement made for this question was refused.');
  const { question } = task;
  const tokens = tokenize(question);
  if (tokens.length === 0) return unsure('There is no question.');
  const texts = valueTexts(question, tokens);
  const found = await task.findValues(
    [...new Set([...flagTexts(index), ...texts.map(({ text }) => text)])].slice(0, MOST_TEXTS),
  );
  const mentions = linkQuestion({ question, tokens, index, vocabulary, texts, found });
  const parsed = parseQuestion(new Cursor(tokens, mentions, task.today));
  if (parsed.kind === 'stuck') return unsure(unsureOfWord(tokens, parsed.at, index));
  const result = readQuestion(parsed.tree, index, task.today);
  if (result.kind === 'failed') {
    if (result.choices.length > 1)
      return { kind: 'clarify', question: `${sentence(result.reason)} Which is meant?`, choices: result.choices };
    return unsure(sentence(result.reason));
  }
  const [best, ...others] = result.readings;
  if (best === undefined || best.cost > TOO_DOUBTFUL) return unsure('No reading of this question is likely enough.');
  const context = { dialect, schema: task.schema };
  const sql = writeSelect(best.select, context);
  const rival = others.find(
    (other) => other.cost - best.cost < TOO_CLOSE && writeSelect(other.select, context) !== sql,
  );
  if (rival !== undefined) return unsure('This question can be read in several ways, and nothing says which is meant.');
  return { kind: 'statement', sql, model: null, assumptions: best.assumptions };
}

const unsure = (reason: string): Draft => ({ kind: 'unsure', reason });

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
