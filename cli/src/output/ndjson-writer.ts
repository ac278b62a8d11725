import type { ResultWriter } from './result-writer.ts';
import { safeJson } from './safe.ts';
import type { Sink } from './sink.ts';

/** The server's event lines as they came; rows are not looked at one by one. */
export function ndjsonWriter(sink: Sink, { raw }: { readonly raw: boolean }): ResultWriter {
  const write = (lines: Buffer): Promise<void> => sink.write(raw ? lines : safeJson(lines.toString()));
  return {
    async event(event, line) {
      // How a failure is told is the command's to say: it may have another one to tell
      if (event.type !== 'error') await write(line);
    },
    rows: write,
    async finish() {},
    omissions: () => [],
  };
}
