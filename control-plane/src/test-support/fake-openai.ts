import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  response_format: z.looseObject({ type: z.string() }).optional(),
});
type ChatRequest = z.infer<typeof ChatRequest>;

export interface ChatReply {
  readonly status?: number;
  readonly content?: string;
  readonly refusal?: string;
  readonly finishReason?: string;
  /** Answers nothing at all. */
  readonly hang?: boolean;
}

export interface FakeOpenAi extends AsyncDisposable {
  readonly url: string;
  readonly requests: (ChatRequest & { readonly authorization: string | undefined })[];
  reply: (request: ChatRequest) => ChatReply;
}

/** A server that speaks as much of OpenAI's chat completions as the SDK asks for. */
export async function startFakeOpenAi(): Promise<FakeOpenAi> {
  const http = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const body = ChatRequest.parse(JSON.parse(await text(request)));
      fake.requests.push({ ...body, authorization: request.headers.authorization });
      const { status = 200, content, refusal = null, finishReason = 'stop', hang = false } = fake.reply(body);
      if (hang) return;
      response.writeHead(status, { 'content-type': 'application/json', 'x-should-retry': 'false' });
      if (status !== 200) return void response.end(JSON.stringify({ error: { message: 'no', type: 'fake' } }));
      const message = { role: 'assistant', content: content ?? null, refusal };
      const choices = [{ index: 0, message, finish_reason: finishReason, logprobs: null }];
      response.end(JSON.stringify({ id: '1', object: 'chat.completion', created: 0, model: 'fake-1', choices }));
    };
    answer().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const fake: FakeOpenAi = {
    url: `http://127.0.0.1:${port}/v1`,
    requests: [],
    reply: () => ({ status: 500 }),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return fake;
}

export const statement = (sql: string): ChatReply => ({
  content: JSON.stringify({ kind: 'statement', sql, assumptions: [], question: null, choices: [], reason: null }),
});
