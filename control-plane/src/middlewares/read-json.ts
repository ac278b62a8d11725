import type { IncomingMessage } from 'node:http';
import { getRawBody } from 'raw-body';
import type { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { MIB } from '#core/protocol/limits.ts';

const MAX_BODY_BYTES = MIB;

/** The request's body, parsed. INVALID_REQUEST names the field; PAYLOAD_TOO_LARGE. */
export async function readJson<T>(request: IncomingMessage, shape: z.ZodType<T>): Promise<T> {
  const type = request.headers['content-type'];
  if (type !== undefined && !/^application\/(.+\+)?json\b/i.test(type)) {
    throw new CustardError('INVALID_REQUEST', `The body is "${type}", not JSON.`, {
      hint: 'Send JSON, with the header content-type: application/json.',
    });
  }
  const result = shape.safeParse(parse(await readText(request)));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `"${path.join('.')}": ${message}`,
  );
  throw new CustardError('INVALID_REQUEST', `The request is not right: ${problems.join('; ')}.`, {
    hint: 'Correct what is named and send it again.',
  });
}

async function readText(request: IncomingMessage): Promise<string> {
  const length = request.headers['content-length'] ?? null;
  try {
    return await getRawBody(request, { length, limit: MAX_BODY_BYTES, encoding: 'utf-8' });
  } catch (error) {
    if (error instanceof Error && 'type' in error && error.type === 'entity.too.large') {
      throw new CustardError('PAYLOAD_TOO_LARGE', 'The body is larger than 1 MiB.', { hint: 'Send less at once.' });
    }
    throw new CustardError('INVALID_REQUEST', 'The body could not be read to its end.', {
      hint: 'Send it again.',
      cause: error,
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CustardError('INVALID_REQUEST', 'The body is not JSON.', { hint: 'Send one JSON object.' });
  }
}
