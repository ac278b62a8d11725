import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

export interface TextSource {
  readonly path: string;
  readonly gzip: boolean;
}

/** The file's bytes, unpacked. zlib's errors where it is no whole gzip file. */
export async function* readBytes({ path, gzip }: TextSource): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const stream = gzip ? file.pipe(createGunzip()) : file;
  // pipe() does not pass errors on
  if (stream !== file) file.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk;
  } finally {
    file.destroy();
    stream.destroy();
  }
}

/** So much of the beginning, unpacked. */
export async function readHead(source: TextSource, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of readBytes(source)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}
