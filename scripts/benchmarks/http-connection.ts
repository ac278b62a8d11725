import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

/**
 * One keep-alive connection that posts the same body again and again, with as little work of its own as
 * possible: the load comes from the same machine that is measured. Knows responses with a content-length.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #request: Buffer;
  #received: Buffer = Buffer.alloc(0);
  #done: { resolve: () => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket, request: Buffer) {
    this.#socket = socket;
    this.#request = request;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', (error) => this.#done?.reject(error));
    socket.on('close', () => this.#done?.reject(new Error('The server closed the connection.')));
  }

  static async open(url: URL, token: string, body: object): Promise<HttpConnection> {
    const socket = connect(Number(url.port), url.hostname);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const content = JSON.stringify(body);
    const head = [
      `POST ${url.pathname} HTTP/1.1`,
      `Host: ${url.host}`,
      `Authorization: Bearer ${token}`,
      'Accept: application/json',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(content)}`,
    ];
    return new HttpConnection(socket, Buffer.from(`${head.join('\r\n')}${HEAD_END}${content}`));
  }

  /** Resolves once a whole answer is there; rejects when its status is not 200. One at a time. */
  post(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#done = { resolve, reject };
      this.#socket.write(this.#request);
    });
  }

  close(): void {
    this.#done = null;
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const headLength = this.#received.indexOf(HEAD_END);
    if (headLength < 0) return;
    const head = this.#received.toString('latin1', 0, headLength);
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    const done = this.#done;
    if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) {
      done?.reject(new Error(`Unexpected answer: ${this.#received.toString('utf8', 0, 1_000)}`));
      return;
    }
    if (this.#received.length < headLength + HEAD_END.length + Number(length)) return;
    this.#received = Buffer.alloc(0);
    this.#done = null;
    done?.resolve();
  }
}
