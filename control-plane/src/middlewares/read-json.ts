import type { IncomingMessage } from 'node:http';
import { getRawBody } from 'raw-body';
import type { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { MIB } from '#core/protocol/limits.ts';
import { duplicateKey } from './duplicate-key.ts';

const MAX_BODY_BYTES = MIB;
/** No form of a person's is larger. */
const MAX_FORM_BYTES = 16 * 1024;

const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/** The request's body, parsed. INVALID_REQUEST names the field; PAYLOAD_TOO_LARGE. */
export async function readJson<T>(request: IncomingMessage, shape: z.ZodType<T>): Promise<T> {
  const type = request.headers['content-type'];
  if (type !== undefined && !JSON_TYPE.test(type)) throw wrongType(type, 'JSON', 'application/json');
  return check(parseJson(await readText(request, MAX_BODY_BYTES)), shape);
}

/** What a form holds: every field is text, and none comes twice. */
export async function readFormFields(request: IncomingMessage): Promise<Readonly<Record<string, string>>> {
  const type = request.headers['content-type'];
  if (type === undefined || !FORM_TYPE.test(type)) {
    throw wrongType(type ?? 'of no type', 'a form', 'application/x-www-form-urlencoded');
  }
  return parseForm(await readText(request, MAX_FORM_BYTES));
}

/** Either: OAuth's own routes take forms, everything else here is JSON. */
export async function readFormOrJson<T>(request: IncomingMessage, shape: z.ZodType<T>): Promise<T> {
  return FORM_TYPE.test(request.headers['content-type'] ?? '')
    ? check(await readFormFields(request), shape)
    : await readJson(request, shape);
}

function check<T>(given: unknown, shape: z.ZodType<T>): T {
  const result = shape.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `"${path.join('.')}": ${message}`,
  );
  throw new CustardError('INVALID_REQUEST', `The request is not right: ${problems.join('; ')}.`, {
    hint: 'Correct what is named and send it again.',
  });
}

async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const bytes = await readBytes(request, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CustardError('INVALID_REQUEST', 'The body is not UTF-8.', { hint: 'Send it encoded as UTF-8.' });
  }
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const length = request.headers['content-length'] ?? null;
  try {
    return await getRawBody(request, { length, limit });
  } catch (error) {
    if (error instanceof Error && 'type' in error && error.type === 'entity.too.large') {
      const size = limit >= MIB ? `${limit / MIB} MiB` : `${limit / 1024} KiB`;
      throw new CustardError('PAYLOAD_TOO_LARGE', `The body is larger than ${size}.`, { hint: 'Send less at once.' });
    }
    throw new CustardError('INVALID_REQUEST', 'The body could not be read to its end.', {
      hint: 'Send it again.',
      cause: error,
    });
  }
}

function parseJson(text: string): unknown {
  const value = parse(text);
  const twice = duplicateKey(text);
  if (twice !== null) throw givenTwice(twice);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CustardError('INVALID_REQUEST', 'The body is not JSON.', { hint: 'Send one JSON object.' });
  }
}

function parseForm(text: string): Readonly<Record<string, string>> {
  const fields = [...new URLSearchParams(text)];
  if (fields.some(([, value]) => value.includes('\uFFFD') && !text.includes('%EF%BF%BD'))) {
    throw new CustardError('INVALID_REQUEST', 'A field of the form is not UTF-8.', {
      hint: 'Send it encoded as UTF-8.',
    });
  }
  const names = fields.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw givenTwice(twice);
  return Object.fromEntries(fields);
}

/** Two programs on the way could each believe another one of them. */
function givenTwice(name: string): CustardError {
  return new CustardError('INVALID_REQUEST', `"${name.slice(0, 100)}" is given twice.`, { hint: 'Send it once.' });
}

function wrongType(type: string, wanted: string, header: string): CustardError {
  return new CustardError('INVALID_REQUEST', `The body is "${type.slice(0, 100)}", not ${wanted}.`, {
    hint: `Send ${wanted}, with the header content-type: ${header}.`,
  });
}
