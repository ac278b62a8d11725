import type { Document } from 'mongodb';
import { CustardError } from '#core/errors.ts';
import type { Driver } from './driver.ts';

/** A statement as docs/mongodb-statements.md has it, as the command it stands for. */
export interface ReadStatement {
  readonly kind: 'pipeline' | 'find' | 'count' | 'distinct';
  readonly collection: string;
  readonly command: Document;
}

const FORM_HINT = 'Write {"collection": "orders", "pipeline": […]} or {"collection": "orders", "find": {…}}.';

interface Form {
  readonly options: readonly string[];
  readonly command: (statement: Document) => Document;
}

/** Keys are renamed to the commands' own; nothing else is changed, and no key that is not here goes to the server. */
const FORMS: readonly (readonly [ReadStatement['kind'], Form])[] = [
  [
    'pipeline',
    {
      options: ['let', 'collation', 'hint'],
      command: ({ collection, pipeline }) => ({ aggregate: collection, pipeline, allowDiskUse: false }),
    },
  ],
  [
    'find',
    {
      options: ['projection', 'sort', 'limit', 'skip', 'let', 'collation', 'hint'],
      command: ({ collection, find }) => ({ find: collection, filter: find, allowDiskUse: false }),
    },
  ],
  [
    'count',
    {
      options: ['limit', 'skip', 'collation', 'hint'],
      command: ({ collection, count }) => ({ count: collection, query: count }),
    },
  ],
  [
    'distinct',
    {
      options: ['collation', 'hint'],
      command: ({ collection, distinct, filter }) => ({
        distinct: collection,
        key: distinct,
        ...(filter === undefined ? {} : { query: filter }),
      }),
    },
  ],
];

/** Read as Extended JSON, canonical and relaxed, after the guard and without trusting it. STATEMENT_INVALID, NOT_READ_ONLY. */
export function parseStatement({ BSON }: Driver, text: string): ReadStatement {
  const statement = deserialize(BSON, text);
  if (Array.isArray(statement)) throw invalid('The pipeline does not say which collection it runs on.');
  const found = FORMS.find(([key]) => Object.hasOwn(statement, key));
  if (found === undefined) throw invalid('The statement is in none of the forms that read.');
  const [kind, form] = found;
  const { collection } = statement;
  if (typeof collection !== 'string' || collection === '') throw invalid('The statement names no collection.');
  const own = ['collection', kind, ...(kind === 'distinct' ? ['filter'] : [])];
  const stray = Object.keys(statement).find((key) => ![...own, ...form.options].includes(key));
  if (stray !== undefined) throw invalid('The statement has a key that this form does not take.');
  if (kind === 'pipeline') refuseWrites(statement['pipeline']);
  const options = form.options.filter((name) => Object.hasOwn(statement, name));
  const command = {
    ...form.command(statement),
    ...Object.fromEntries(options.map((name) => [name, statement[name]])),
  };
  return { kind, collection, command };
}

/** The two stages that write. The server takes them at the end of the outermost pipeline only. */
function refuseWrites(pipeline: unknown): void {
  if (!Array.isArray(pipeline)) throw invalid('The pipeline is not a list of stages.');
  const writes = pipeline.some((stage) => stage instanceof Object && ('$out' in stage || '$merge' in stage));
  if (!writes) return;
  throw new CustardError('NOT_READ_ONLY', 'The pipeline ends by writing its documents into a collection.', {
    hint: 'Leave that stage out: Custard returns the documents.',
  });
}

function deserialize(bson: Driver['BSON'], text: string): Document {
  try {
    const json: unknown = JSON.parse(text, exactIntegers);
    if (typeof json !== 'object' || json === null) throw new TypeError('no object');
    return readValue(bson, json) as Document;
  } catch (cause) {
    if (cause instanceof CustardError) throw cause;
    throw invalid('The statement is not Extended JSON.', cause);
  }
}

/** What stands for a value that JSON lacks; `$type` goes with an older form of `$binary`. */
const VALUE_KEYS: ReadonlySet<string> = new Set([
  ...['$oid', '$date', '$numberInt', '$numberLong', '$numberDouble', '$numberDecimal', '$binary', '$type', '$uuid'],
  ...['$timestamp', '$regularExpression', '$minKey', '$maxKey', '$undefined', '$symbol'],
]);

/**
 * Only what is a value as a whole is given to the library: it takes `{"$regex": …, "$ne": …}` for a regular expression and
 * drops the rest.
 */
function readValue(bson: Driver['BSON'], json: unknown): unknown {
  if (Array.isArray(json)) return json.map((item) => readValue(bson, item));
  const keys = json instanceof Object ? Object.keys(json) : [];
  if (!(json instanceof Object) || (keys.length > 0 && keys.every((key) => VALUE_KEYS.has(key)))) {
    return bson.EJSON.deserialize({ value: json }, { relaxed: false })['value'];
  }
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, readValue(bson, value)]));
}

/** A double would make another number of it, and the statement would ask for something else. */
function exactIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || !/^-?\d+$/.test(source)) return value;
  if (Number.isSafeInteger(value)) return value;
  if (BigInt.asIntN(64, BigInt(source)) === BigInt(source)) return { $numberLong: source };
  throw invalid('The statement holds a whole number of more than 64 bits.');
}

const invalid = (message: string, cause?: unknown): CustardError =>
  new CustardError('STATEMENT_INVALID', message, { hint: FORM_HINT, cause });
