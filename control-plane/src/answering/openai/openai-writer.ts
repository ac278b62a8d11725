import OpenAI, { APIError } from 'openai';
import { CustardError } from '#core/errors.ts';
import type { OpenAiConfig } from '../../env.ts';
import type { Draft, SqlWriter, WriteTask } from '../sql-writer.ts';
import { findLiterals } from './find-literals.ts';
import { modelError } from './model-error.ts';
import { type PromptMessage, writePrompt } from './prompt.ts';
import { ANSWER_SCHEMA, readDraft } from './read-draft.ts';

const OPENAI_URL = 'https://api.openai.com/v1';
/** Per attempt; the question's own deadline is usually nearer. */
const TIMEOUT_MS = 60_000;
const RETRIES = 2;

type Format = Pick<OpenAI.ChatCompletionCreateParamsNonStreaming, 'response_format'>;

/** How to ask for JSON, best first: not every compatible endpoint knows the first ones. */
const FORMATS: readonly Format[] = [
  { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: ANSWER_SCHEMA } } },
  { response_format: { type: 'json_object' } },
  {},
];

/** Any endpoint that speaks OpenAI's chat completions. Errors are MODEL_FAILED. */
export function openAiWriter(config: OpenAiConfig, options: { readonly timeoutMs?: number } = {}): SqlWriter {
  const client = new OpenAI({
    ...{ apiKey: config.apiKey, baseURL: config.baseUrl ?? OPENAI_URL, logLevel: 'off' },
    ...{ maxRetries: RETRIES, timeout: options.timeoutMs ?? TIMEOUT_MS },
  });
  return new OpenAiWriter(client, config);
}

class OpenAiWriter implements SqlWriter {
  readonly maker = 'openai';
  readonly #client: OpenAI;
  readonly #config: OpenAiConfig;
  /** Which of FORMATS this endpoint last took. */
  #format = 0;

  constructor(client: OpenAI, config: OpenAiConfig) {
    this.#client = client;
    this.#config = config;
  }

  async write(task: WriteTask): Promise<Draft> {
    const messages = writePrompt(task, await findLiterals(task));
    try {
      return this.#draft(await this.#complete(messages, task.signal));
    } catch (error) {
      throw modelError(error, this.#config, task.signal);
    }
  }

  async #complete(messages: readonly PromptMessage[], signal: AbortSignal): Promise<OpenAI.ChatCompletion> {
    for (let format = this.#format; ; format++) {
      try {
        const completion = await this.#client.chat.completions.create(
          { model: this.#config.model, messages: [...messages], ...FORMATS[format] },
          { signal },
        );
        this.#format = format;
        return completion;
      } catch (error) {
        const refused = error instanceof APIError && (error.status === 400 || error.status === 422);
        if (!refused || format + 1 >= FORMATS.length) throw error;
      }
    }
  }

  #draft({ choices, model }: OpenAI.ChatCompletion): Draft {
    const [choice] = choices;
    if (choice?.finish_reason === 'length') {
      throw this.#failed(
        "'s answer was cut off",
        'Ask for less at once, or set OPENAI_MODEL to one with a larger limit.',
      );
    }
    if (choice?.finish_reason === 'content_filter' || (choice?.message.refusal ?? null) !== null) {
      return { kind: 'unsure', reason: 'The model declined to answer this question.' };
    }
    const draft = readDraft(choice?.message.content ?? '', model);
    if (draft !== null) return draft;
    throw this.#failed(
      ' gave no answer in the form asked for',
      'Ask again, or set OPENAI_MODEL to a more capable one.',
    );
  }

  #failed(what: string, hint: string): CustardError {
    return new CustardError('MODEL_FAILED', `The model ${this.#config.model}${what}.`, { hint });
  }
}
