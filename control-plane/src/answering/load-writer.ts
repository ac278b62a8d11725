import type { OpenAiConfig } from '../env.ts';
import type { SqlWriter } from './sql-writer.ts';

/** Loads a writer when first asked for: neither the SDK nor the planner's word lists are needed to start. */
export function writerLoader(openai: OpenAiConfig | null): () => Promise<SqlWriter> {
  let loading: Promise<SqlWriter> | undefined;
  return () => (loading ??= load(openai));
}

async function load(openai: OpenAiConfig | null): Promise<SqlWriter> {
  if (openai === null) return (await import('./builtin/builtin-writer.ts')).builtinWriter();
  return (await import('./openai/openai-writer.ts')).openAiWriter(openai);
}
