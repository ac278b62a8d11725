/**
 * Data frames of the agent link: binary WebSocket messages.
 *
 *   0        4          8
 *   │ stream │ sequence │ payload, at most CHUNK_BYTES
 *
 * Both numbers are unsigned, big-endian; the sequence starts at 0 for each stream. The payloads of
 * a stream, in order, are one text of UTF-8 lines, each ended by LF and each a row event of
 * custard.event/1, exactly {"type":"row","row":[…]} with no spaces outside of strings: the agent
 * makes a row's bytes once, and they are what `custard sql -o ndjson` prints. A row may begin in one
 * frame and end in a later one. The control plane relays payloads as bytes.
 */
export const FRAME_HEADER_BYTES = 8;
/** What a row's line begins and ends with, around its comma-separated cells. */
export const ROW_PREFIX = '{"type":"row","row":[';
export const ROW_SUFFIX = ']}\n';

/** A row's line of cells that JSON.stringify writes as they are meant. */
export const rowLine = (cells: readonly (string | number | boolean | null)[]): string =>
  `{"type":"row","row":${JSON.stringify(cells)}}\n`;

export interface DataFrame {
  readonly stream: number;
  readonly sequence: number;
  readonly payload: Buffer;
}

export function writeFrameHeader(target: Buffer, stream: number, sequence: number): void {
  target.writeUInt32BE(stream, 0);
  target.writeUInt32BE(sequence, 4);
}

/** The payload is a view on `frame`, not a copy. Returns null for a frame too short to be one. */
export function readFrame(frame: Buffer): DataFrame | null {
  if (frame.length < FRAME_HEADER_BYTES) return null;
  return {
    stream: frame.readUInt32BE(0),
    sequence: frame.readUInt32BE(4),
    payload: frame.subarray(FRAME_HEADER_BYTES),
  };
}
