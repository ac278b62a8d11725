import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const SHARED = new URL('../../../../shared/', import.meta.url);

/** A file of the shared corpora; null, with a loud warning, where this checkout has none beside it. */
export function sharedFile(path: string): URL | null {
  const url = new URL(path, SHARED);
  if (existsSync(url)) return url;
  console.warn(`NOT TESTED: ../shared/${path} is missing, so the guard was not measured against it.`);
  return null;
}

/** The lines of a JSONL file of the shared corpora, none where it is missing. */
export function sharedLines<T>(path: string, line: z.ZodType<T>): T[] {
  const url = sharedFile(path);
  if (url === null) return [];
  const lines = readFileSync(url, 'utf8').split('\n');
  return lines.filter((text) => text !== '').map((text) => line.parse(JSON.parse(text)));
}

export const Hostile = z.object({ id: z.string(), category: z.string(), sql: z.string(), expect: z.string() });
export const Valid = z.object({ id: z.string(), source: z.string(), sql: z.string() });
export const Gold = z.object({ id: z.string(), db: z.string(), gold_sql: z.string() });
