import type { WireError } from '../errors.ts';
import { MAX_ERROR_CHARACTERS } from './limits.ts';

/**
 * An error as it goes over the agent link, whatever its text holds: an engine's own message may quote
 * megabytes, and those must neither break the link nor fill the other side's memory.
 */
export function boundedError({ code, message, hint, details }: WireError): WireError {
  const { where, engineCode } = details ?? {};
  const known = {
    ...(where === undefined ? {} : { where }),
    ...(engineCode === undefined ? {} : { engineCode: clipped(engineCode) }),
  };
  return {
    ...{ code: clipped(code), message: clipped(message) },
    ...(hint === undefined ? {} : { hint: clipped(hint) }),
    ...(Object.keys(known).length === 0 ? {} : { details: known }),
  };
}

const clipped = (text: string): string =>
  text.length > MAX_ERROR_CHARACTERS ? `${text.slice(0, MAX_ERROR_CHARACTERS).toWellFormed()}…` : text;
