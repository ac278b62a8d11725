import { Refused } from '../../classify.ts';
import { words } from '../../words.ts';
import { checkAmount } from './field-stages.ts';
import { Flow } from './flow.ts';
import { collection } from './joins.ts';
import { type Entry, entriesOf, type Json, memberOf } from './json.ts';
import { checkLiteral } from './literal.ts';
import { pathOf } from './paths.ts';
import { readProjection } from './projection.ts';
import type { Place, Reading } from './reading.ts';
import { fields, invalid, notAllowed, told } from './refuse.ts';
import { readSort } from './sort.ts';
import { define } from './special-operators.ts';

type Found = ReadonlyMap<string, Entry>;

interface Form {
  readonly options: ReadonlySet<string>;
  readonly read: (reading: Reading, json: Json, place: Place, found: Found) => void;
}

/** The forms that name their collection, by the key that tells them apart, with the options each takes. */
const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['pipeline', { options: words('let collation hint'), read: readPipelineForm }],
  ['find', { options: words('projection sort limit skip let collation hint'), read: readFind }],
  [
    'count',
    { options: words('limit skip collation hint'), read: (reading, json, place) => reading.query(json, place) },
  ],
  ['distinct', { options: words('filter collation hint'), read: readDistinct }],
]);

/** What stands for the collection of a pipeline that names none; `*` is to be taken for any. */
const ANY_COLLECTION = { schema: null, name: '*' };

export function readStatement(reading: Reading, json: Json): void {
  if (json.kind === 'array') {
    readBarePipeline(reading, json);
    return;
  }
  if (json.kind !== 'object') {
    invalid('The statement is neither a pipeline nor an object with one.', json, FORM_HINT);
  }
  const [key, form] = formOf(json);
  const [named, main] = [memberOf(json, 'collection'), memberOf(json, key)];
  if (named === undefined || main === undefined) invalid('The statement names no collection.', json, FORM_HINT);
  const found = fields(json, 'The statement', new Set(['collection', key, ...form.options]));
  const table = collection(named);
  reading.notes.table(table, named.offset);
  const place: Place = { flow: new Flow([table]), variables: new Map(), repetitions: 1 };
  form.read(reading, main, readOptions(reading, found, place), found);
}

const FORM_HINT = 'Write {"collection": "orders", "pipeline": […]} or {"collection": "orders", "find": {…}}.';

/** Commands of MongoDB that change something, so that they are refused for what they are. */
const WRITES = words(`
  insert update delete findAndModify findandmodify bulkWrite create createIndexes collMod drop dropDatabase dropIndexes
  renameCollection insertOne insertMany updateOne updateMany deleteOne deleteMany replaceOne mapReduce mapreduce
`);

function formOf(json: Json): [string, Form] {
  for (const [key, form] of FORMS) if (memberOf(json, key) !== undefined) return [key, form];
  const write = entriesOf(json).find(({ key }) => WRITES.has(key));
  if (write !== undefined) {
    const reason = `${write.key} is a command that changes the database.`;
    throw new Refused({ code: 'NOT_READ_ONLY', reason, hint: FORM_HINT, offset: write.offset });
  }
  const other = entriesOf(json).find(({ key }) => key !== 'collection');
  return other === undefined
    ? invalid('The statement asks for nothing.', json, FORM_HINT)
    : notAllowed(`${told(other.key)} is not a way of reading that the guard knows.`, other, FORM_HINT);
}

function readBarePipeline(reading: Reading, json: Json): void {
  const [first] = json.kind === 'array' ? json.items : [];
  const isMade = first !== undefined && memberOf(first, '$documents') !== undefined;
  if (!isMade) reading.notes.table(ANY_COLLECTION, json.offset);
  const flow = new Flow(isMade ? [] : [ANY_COLLECTION]);
  readPipelineForm(reading, json, { flow, variables: new Map(), repetitions: 1 });
}

function readPipelineForm(reading: Reading, json: Json, place: Place): void {
  reading.stages(json, place);
  reading.notes.end(place.flow, json.offset, 'reader');
}

function readFind(reading: Reading, json: Json, place: Place, found: Found): void {
  reading.query(json, place);
  const [sort, projection] = [found.get('sort')?.value, found.get('projection')?.value];
  if (sort !== undefined) readSort(reading, sort, place);
  if (projection !== undefined) readProjection(reading, projection, place, 'find');
  reading.notes.end(place.flow, json.offset, 'reader');
}

function readDistinct(reading: Reading, json: Json, place: Place, found: Found): void {
  reading.notes.field(place.flow, pathOf(json, 'distinct'), json.offset);
  const filter = found.get('filter')?.value;
  if (filter !== undefined) reading.query(filter, place);
}

/** Options that several forms have. */
function readOptions(reading: Reading, found: Found, place: Place): Place {
  for (const name of ['limit', 'skip']) {
    const amount = found.get(name)?.value;
    if (amount !== undefined) checkAmount(amount, name);
  }
  const collation = found.get('collation')?.value;
  if (collation !== undefined)
    for (const { value } of fields(collation, 'collation', COLLATION).values()) checkLiteral(value);
  const hint = found.get('hint')?.value;
  if (hint !== undefined) readHint(reading, hint, place);
  const variables = found.get('let')?.value;
  return variables === undefined ? place : define(reading, variables, place);
}

const COLLATION = words(
  'locale caseLevel caseFirst strength numericOrdering alternate maxVariable backwards normalization',
);

/** Documents come in the order of the index; by its name alone it may be one of any field. */
function readHint({ notes }: Reading, json: Json, { flow }: Place): void {
  checkLiteralOrNatural(json);
  if (json.kind === 'string') notes.everything(flow, json.offset);
  for (const { key, offset } of entriesOf(json)) if (key !== '$natural') notes.field(flow, key, offset);
}

function checkLiteralOrNatural(json: Json): void {
  if (json.kind !== 'string' && json.kind !== 'object') invalid('hint takes an index’s name or its keys.', json);
  for (const entry of entriesOf(json)) {
    if (entry.key !== '$natural') pathOf({ kind: 'string', text: entry.key, offset: entry.offset }, 'hint');
    if (entry.value.kind !== 'number' && entry.value.kind !== 'string')
      invalid('hint takes the keys of an index.', entry.value);
  }
}
