import type { Facts } from '../../classify.ts';
import { recognizer } from '../../recognizer.ts';
import type { Guard } from '../../verdict.ts';
import { readExpression } from './expression.ts';
import { readStatement } from './forms.ts';
import { Notes } from './notes.ts';
import { readQuery } from './query.ts';
import { readJson } from './read-json.ts';
import type { Reading } from './reading.ts';
import { mongodbRules } from './rules.ts';
import { readStages } from './stages.ts';

/**
 * MongoDB's guard. A statement is JSON, in one of these forms; anything else, and any key that is not named here or in
 * forms.ts, is refused:
 *
 *     [{"$match": …}, …]                                        a pipeline, its collection named elsewhere
 *     {"collection": "orders", "pipeline": [{"$match": …}, …]}
 *     {"collection": "orders", "find": {…}, "projection": {…}, "sort": {…}, "limit": 10, "skip": 0}
 *     {"collection": "orders", "count": {…}}
 *     {"collection": "orders", "distinct": "status", "filter": {…}}
 *
 * Values are Extended JSON v2. docs/mongodb-statements.md says what the facts of a verdict mean here.
 */
export function mongodbGuard(): Promise<Guard> {
  const rules = mongodbRules();
  return Promise.resolve(recognizer(classify, rules));
}

/** @throws Refused at anything but one of the forms */
function classify(statement: string): Facts {
  const notes = new Notes();
  const reading: Reading = {
    notes,
    expression: (json, place) => readExpression(reading, json, place),
    query: (json, place, prefix) => readQuery(reading, json, place, prefix),
    stages: (json, place) => readStages(reading, json, place),
  };
  readStatement(reading, readJson(statement));
  return notes.facts;
}
