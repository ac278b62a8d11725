import { type Entry, entriesOf, isOperator, type Json, memberOf } from './json.ts';
import { functionNotAllowed, invalid, notAllowed } from './refuse.ts';

/**
 * Values that JSON has no way of writing: MongoDB Extended JSON v2, canonical and relaxed, and references (DBRef).
 * Source: https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/ (8.x). Not here on purpose: `$code` and
 * `$scope` are JavaScript, `$dbPointer` and the old `$binary`/`$type` pair are read differently by different drivers.
 */
const SHAPES: readonly { readonly keys: readonly string[]; readonly isValid: (value: Json) => boolean }[] = [
  ...['$oid', '$uuid', '$symbol', '$numberInt', '$numberLong', '$numberDouble', '$numberDecimal'].map((key) => ({
    keys: [key],
    isValid: isText,
  })),
  { keys: ['$date'], isValid: (value) => isText(value) || isNumber(value) || hasOnly({ $numberLong: isText })(value) },
  { keys: ['$binary'], isValid: hasOnly({ base64: isText, subType: isText }) },
  { keys: ['$regularExpression'], isValid: hasOnly({ pattern: isText, options: isText }) },
  { keys: ['$timestamp'], isValid: hasOnly({ t: isNumber, i: isNumber }) },
  { keys: ['$minKey'], isValid: isNumber },
  { keys: ['$maxKey'], isValid: isNumber },
  { keys: ['$undefined'], isValid: (value) => value.kind === 'boolean' },
];

const EXTENDED: ReadonlyMap<string, (value: Json) => boolean> = new Map(
  SHAPES.flatMap(({ keys, isValid }) => keys.map((key) => [key, isValid] as const)),
);
const REFERENCE: ReadonlySet<string> = new Set(['$ref', '$id', '$db']);
const JAVASCRIPT: ReadonlySet<string> = new Set(['$code', '$scope']);

function isText(value: Json | undefined): boolean {
  return value?.kind === 'string';
}

function isNumber(value: Json | undefined): boolean {
  return value?.kind === 'number';
}

function hasOnly(shape: Readonly<Record<string, (value: Json | undefined) => boolean>>): (value: Json) => boolean {
  const names = Object.keys(shape);
  return (value) =>
    entriesOf(value).length === names.length && names.every((name) => shape[name]?.(memberOf(value, name)));
}

/**
 * Whether an object is one value of Extended JSON. Drivers take an object for one as soon as one of its keys says so,
 * so that an object that is only half of one is refused.
 */
export function isExtendedValue(json: Json): boolean {
  const entries = entriesOf(json);
  const script = entries.find(({ key }) => JAVASCRIPT.has(key));
  if (script !== undefined) {
    functionNotAllowed(`${script.key} is JavaScript.`, script, 'Write it with the operators of expressions.');
  }
  if (entries[0]?.key === '$ref') return isReference(entries);
  const found = entries.find(({ key }) => EXTENDED.has(key));
  if (found === undefined) return false;
  if (entries.length === 1 && EXTENDED.get(found.key)?.(found.value)) return true;
  return invalid(
    `${found.key} is not written as Extended JSON v2 has it.`,
    found,
    'Write {"$date": "2026-01-31T00:00:00Z"}, {"$oid": "…"}.',
  );
}

function isReference(entries: readonly Entry[]): boolean {
  const stray = entries.find(({ key }) => isOperator(key) && !REFERENCE.has(key));
  if (stray !== undefined) invalid('A reference holds nothing but $ref, $id and $db.', stray);
  for (const { value } of entries) checkLiteral(value);
  return true;
}

/** The number that a literal is, also where Extended JSON writes it. */
export function numberOf(json: Json): number | undefined {
  if (json.kind === 'number') return json.value;
  const [entry] = entriesOf(json);
  if (entry === undefined || !entry.key.startsWith('$number') || !isExtendedValue(json)) return undefined;
  const value = entry.value.kind === 'string' ? Number(entry.value.text) : Number.NaN;
  return Number.isNaN(value) ? undefined : value;
}

/** The moment that `{"$date": …}` is, in milliseconds. */
export function dateOf(json: Json): number | undefined {
  const date = memberOf(json, '$date');
  if (date === undefined) return undefined;
  const value = date.kind === 'string' ? Date.parse(date.text) : numberOf(date);
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** A value to compare with: data all the way down, with no operator in it. */
export function checkLiteral(json: Json): void {
  if (json.kind === 'array') json.items.forEach(checkLiteral);
  if (json.kind !== 'object' || isExtendedValue(json)) return;
  for (const entry of json.entries) {
    if (isOperator(entry.key)) {
      notAllowed(
        'There is an operator where a plain value is expected.',
        entry,
        'Put the operator where MongoDB looks for one.',
      );
    }
    checkLiteral(entry.value);
  }
}

/** What $literal holds: data, whatever its keys look like. Only values that are JavaScript are refused. */
export function checkQuoted(json: Json): void {
  if (json.kind === 'array') json.items.forEach(checkQuoted);
  if (json.kind !== 'object' || isExtendedValue(json)) return;
  for (const { value } of json.entries) checkQuoted(value);
}
