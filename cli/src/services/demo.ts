import { join } from 'node:path';
import { directories } from '../config/directories.ts';
import { ensureShopDatabase } from '../demo/shop-database.ts';
import { envelope } from '../output/envelope.ts';
import type { RunContext } from '../run-context.ts';
import { type AskFlags, ask } from './ask.ts';
import { localDay } from './query-command.ts';
import { createSession } from './session.ts';

interface DemoOptions {
  readonly context: RunContext;
  readonly flags: AskFlags;
  readonly question: readonly string[];
}

const SAMPLES = [
  'how many orders were placed last month?',
  'top 5 customers by revenue',
  'number of orders per month in 2025',
  'average order value by region',
  'which products were returned most often?',
  'how many customers are there per country?',
] as const;

/** Makes the shop if need be and asks it; without a question, shows some. */
export async function demo({ context, flags, question }: DemoOptions): Promise<void> {
  const { narrator, sink, format } = createSession(context, flags);
  if (question.length === 0) {
    const text =
      format === 'json'
        ? envelope({ schema: 'custard.demo/1', data: { questions: SAMPLES } })
        : `Ask the demo shop, for example:\n\n${SAMPLES.map((sample) => `  custard demo "${sample}"\n`).join('')}`;
    await sink.write(text);
    return;
  }
  const directory = join(directories(context.env).data, 'demo');
  const today = localDay(new Date());
  const { path } = await narrator.during('making the shop', () => ensureShopDatabase({ directory, today }));
  await ask({ context, flags: { ...flags, db: `sqlite:${path}` }, question });
}
