import { JsonScanner } from './json-scanner.ts';
import { readBytes, type TextSource } from './read-text.ts';

const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** The line of the record (from 1) of an array. */
export async function lineOfItem(source: TextSource, record: number): Promise<number> {
  const scanner = new JsonScanner();
  for await (const chunk of readBytes(source)) {
    // Line by line, so as not to go beyond it.
    for (let from = 0; from < chunk.length && scanner.records < record; ) {
      const end = chunk.indexOf(0x0a, from) + 1 || chunk.length;
      scanner.push(chunk.subarray(from, end));
      from = end;
    }
    if (scanner.records >= record) break;
  }
  return scanner.recordLine;
}

/** The first line that is no JSON; null where each is, or one is too long to say. */
export async function brokenLine(source: TextSource): Promise<number | null> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  const isBroken = (bytes: Buffer): boolean => {
    try {
      const text = decoder.decode(bytes).trim();
      if (text !== '') JSON.parse(text);
      return false;
    } catch {
      return true;
    }
  };
  for await (const chunk of readBytes(source)) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a)) {
      if (isBroken(bytes.subarray(0, end))) return line;
      bytes = bytes.subarray(end + 1);
      line++;
    }
    if (bytes.length > MAX_LINE_BYTES) return null;
    rest = bytes;
  }
  return isBroken(rest) ? line : null;
}
