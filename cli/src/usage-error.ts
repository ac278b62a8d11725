import { stripVTControlCharacters } from 'node:util';
import { CustardError } from '#core/errors.ts';
import { closest } from './closest.ts';

/** oclif's errors about the command line as ours; null for what is not one of them. */
export function usageErrorOf(thrown: unknown, argv: readonly string[]): CustardError | null {
  if (!(thrown instanceof Error && 'oclif' in thrown)) return null;
  const hint = `Run \`${['custard', ...commandWords(argv), '--help'].join(' ')}\` for what it takes.`;
  const unknown = namesIn(thrown, 'flags');
  if (unknown.length > 0) {
    const meant = closest(unknown[0] ?? '', knownFlags(thrown));
    return new CustardError('USAGE', `There is no flag ${unknown.join(', ')} here.`, {
      hint: meant === null ? hint : `Did you mean ${meant}? ${hint}`,
      cause: thrown,
    });
  }
  // Only for arguments that are too many does oclif give them as text
  const isSplit = namesIn(thrown, 'args').length > 0;
  const advice = isSplit ? `If it belongs to the words before it, put them all in quotes. ${hint}` : hint;
  return new CustardError('USAGE', plain(thrown.message), { hint: advice, cause: thrown });
}

function plain(message: string): string {
  const text = stripVTControlCharacters(message)
    .replace('\nSee more help with --help', '')
    .replace(/^Parsing --(\S+) \n\t/, '--$1: ')
    .replace(/^The following errors? occurred:\s+/, '');
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const commandWords = (argv: readonly string[]): readonly string[] =>
  argv.slice(0, 1).filter((word) => /^[a-z-]+$/.test(word));

function namesIn(error: Error, key: string): string[] {
  const value: unknown = Object.entries(error).find(([name]) => name === key)?.[1];
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

/** The flags of the command that oclif was parsing for. */
function knownFlags(error: Error): string[] {
  const flags = property(property(property(error, 'parse'), 'input'), 'flags');
  return typeof flags === 'object' && flags !== null ? Object.keys(flags).map((name) => `--${name}`) : [];
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
