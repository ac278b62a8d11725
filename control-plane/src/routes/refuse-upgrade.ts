import type { Duplex } from 'node:stream';
import { CustardError, ERRORS, toWireError } from '#core/errors.ts';

/** An agent or the CLI reads the code from the header; a person with curl reads the body. */
export function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { code, message } = toWireError(error);
  const { status } = ERRORS[error instanceof CustardError ? error.code : 'INTERNAL'];
  const body = JSON.stringify({ error: { code, message } });
  // The server lets a socket stay half open: one whose other side does not close would stay for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${code}\r\nx-custard-error: ${code}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
