import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MIB } from '#core/protocol/limits.ts';

const COLLECT_EVERY_BYTES = 2 * MIB;

/**
 * Keeps a long result in little memory. Each chunk that Node's HTTP parser hands over is a new
 * buffer, and V8 lets about 100 MiB of dead ones pile up before it looks for them. Told to look
 * after each few chunks it finds nearly nothing alive, which takes well under a millisecond.
 */
export function youngGarbageCollector(): (bytes: number) => void {
  let collect: unknown = null;
  let bytesSince = 0;
  return (bytes) => {
    bytesSince += bytes;
    if (bytesSince < COLLECT_EVERY_BYTES) return;
    bytesSince = 0;
    collect ??= exposedCollector();
    if (typeof collect === 'function') collect({ type: 'minor' });
  };
}

/** V8's own `gc`: https://nodejs.org/api/v8.html#v8setflagsfromstringflags */
function exposedCollector(): unknown {
  setFlagsFromString('--expose-gc');
  return runInNewContext('globalThis.gc');
}
