import { fileURLToPath } from 'node:url';
import { decode, invalid } from './url-parts.ts';

export function filePath(url: string, scheme: string, engine: string): string {
  const rest = url.slice(scheme.length + 1);
  if (rest.startsWith('///')) return fileURLToPath(`file:${withoutQuery(rest)}`);
  const path = scheme === 'file' ? decode(withoutQuery(rest)) : rest;
  const plain = path.startsWith('//') ? path.slice(2) : path;
  if (plain === '') throw invalid(`The ${engine} URL names no file.`);
  if (plain === ':memory:') throw invalid(`An in-memory ${engine} database is empty: there is nothing to ask.`);
  return plain;
}

const withoutQuery = (text: string): string => text.replace(/[?#].*$/s, '');
