import { createServer, type IncomingMessage } from 'node:http';
import { getRawBody } from 'raw-body';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, it } from 'vitest';
import { MailRefused, type Message } from './message.ts';
import { resendTransport } from './resend-transport.ts';
import { smtpTransport } from './smtp-transport.ts';

const FROM = 'Custard <custard@example.org>';
const MESSAGE: Message = {
  to: 'ada@example.com',
  subject: 'Grüße an Ada',
  text: 'https://custard.example/verify-email?token=AAAA\n',
  html: '<p>Hello</p>',
};
const ONCE = { key: 'key-1' };

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
  readonly user: string | undefined;
  readonly secure: boolean;
}

async function smtpServer(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, logger: false },
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss' ? done(null, { user: username }) : done(new Error('wrong')),
    onData(stream, session, done) {
      getRawBody(stream, { encoding: 'utf8' }).then((data) => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        received.push({
          from,
          to: rcptTo.map(({ address }) => address),
          data,
          user: session.user,
          secure: session.secure,
        });
        done();
      }, done);
    },
    ...options,
  });
  server.on('error', () => undefined); // clients that leave early
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, received, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

it('speaks SMTP: TLS, a password, text and HTML', async () => {
  await using smtp = await smtpServer();
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'; // the server makes its own certificate
  const transport = await smtpTransport({ url: `smtp://ada:p%40ss@127.0.0.1:${smtp.port}`, from: FROM });
  await transport.send(MESSAGE, ONCE);
  await transport.close();
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  const [mail] = smtp.received;
  expect(mail).toMatchObject({ from: 'custard@example.org', to: ['ada@example.com'], user: 'ada', secure: true });
  expect(mail?.data).toContain('multipart/alternative');
  expect(mail?.data).toContain('From: Custard <custard@example.org>');
});

it('tells a recipient that is refused for good from a server that is not there or does not let it in', async () => {
  const refusal = Object.assign(new Error('no such mailbox'), { responseCode: 550 });
  await using smtp = await smtpServer({ hideSTARTTLS: true, onRcptTo: (_to, _session, done) => done(refusal) });
  const refused = await smtpTransport({ url: `smtp://127.0.0.1:${smtp.port}`, from: FROM });
  await expect(refused.send(MESSAGE, ONCE)).rejects.toBeInstanceOf(MailRefused);
  await refused.close();
  const stranger = await smtpTransport({ url: `smtp://ada:wrong@127.0.0.1:${smtp.port}`, from: FROM });
  await expect(stranger.send(MESSAGE, ONCE)).rejects.not.toBeInstanceOf(MailRefused);
  await stranger.close();
  const nobody = await smtpTransport({ url: 'smtp://127.0.0.1:1', from: FROM });
  await expect(nobody.send(MESSAGE, ONCE)).rejects.not.toBeInstanceOf(MailRefused);
  await nobody.close();
});

async function resendServer(answer: (request: IncomingMessage, body: string) => { status: number; body: object }) {
  const server = createServer((request, response) => {
    getRawBody(request, { encoding: 'utf8' }).then(
      (body) => {
        const { status, body: answered } = answer(request, body);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answered));
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

it('speaks Resend’s interface, through Resend’s own SDK', async () => {
  const seen: { request: IncomingMessage; body: string }[] = [];
  await using resend = await resendServer((request, body) => {
    seen.push({ request, body });
    return { status: 200, body: { id: 'mail-1' } };
  });
  const transport = await resendTransport({ apiKey: 're_1', from: FROM, baseUrl: resend.baseUrl });
  await transport.send(MESSAGE, ONCE);
  const [{ request, body } = { request: undefined, body: '{}' }] = seen;
  expect([request?.method, request?.url]).toEqual(['POST', '/emails']);
  expect(request?.headers).toMatchObject({ authorization: 'Bearer re_1', 'idempotency-key': 'key-1' });
  const { subject, text, html } = MESSAGE;
  expect(JSON.parse(body)).toMatchObject({ from: FROM, to: 'ada@example.com', subject, text, html });
});

it.each([
  [422, 'validation_error', true],
  [429, 'rate_limit_exceeded', false],
  [401, 'missing_api_key', false],
  [500, 'internal_server_error', false],
])('tells Resend’s %i %s from the others', async (statusCode, name, isRefusal) => {
  await using resend = await resendServer(() => ({ status: statusCode, body: { statusCode, name, message: 'no' } }));
  const transport = await resendTransport({ apiKey: 're_1', from: FROM, baseUrl: resend.baseUrl });
  const error: unknown = await transport.send(MESSAGE, ONCE).catch((thrown: unknown) => thrown);
  expect(error instanceof MailRefused).toBe(isRefusal);
  expect(error).toBeInstanceOf(Error);
});
