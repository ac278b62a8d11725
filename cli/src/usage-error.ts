import { stripVTControlCharacters } from 'node:util';
import { closest } from '#core/closest.ts';
import { CustardError } from '#core/errors.ts';

/** oclif's errors about the command line as ours, for the command of that id; null for what is not one of them. */
export function usageErrorOf(thrown: unknown, id: string): CustardError | null {
  if (!(thrown instanceof Error && 'oclif' in thrown)) return null;
  const hint = `Run \`custard ${id.replaceAll(':', ' ')} --help\` for what it takes.`;
  const unknown = list(property(thrown, 'flags')).filter((name) => typeof name === 'string');
  if (unknown.length > 0) {
    const meant = closest(unknown[0] ?? '', knownFlags(thrown));
    return new CustardError('USAGE', `There is no flag ${unknown.join(', ')} here.`, {
      hint: meant === null ? hint : `Did you mean ${meant}? ${hint}`,
      cause: thrown,
    });
  }
  const args = list(property(thrown, 'args'));
  const missing = args.map((arg) => property(arg, 'name')).filter((name) => typeof name === 'string');
  if (missing.length > 0) {
    return new CustardError('USAGE', `${missing.join(', ').toUpperCase()} is missing.`, { hint, cause: thrown });
  }
  // Only for arguments that are too many does oclif give them as text
  const advice = args.length > 0 ? `If it belongs to the words before it, put them all in quotes. ${hint}` : hint;
  return new CustardError('USAGE', plain(thrown.message), { hint: advice, cause: thrown });
}

function plain(message: string): string {
  const text = stripVTControlCharacters(message)
    .replace('\nSee more help with --help', '')
    .replace(/^Parsing --(\S+) \n\t/, '--$1: ')
    .replace(/^The following errors? occurred:\s+/, '')
    .replace(/^Missing required flag (\S+)$/, '--$1 is missing')
    .replace(/^(--[a-z-]+)=\S+ cannot also be provided when using (--[a-z-]+)$/, '$1 and $2 exclude each other')
    .replace(/^Flag (--[a-z-]+) expects a value$/, '$1 needs a value');
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The flags of the command that oclif was parsing for. */
function knownFlags(error: Error): string[] {
  const flags = property(property(property(error, 'parse'), 'input'), 'flags');
  return typeof flags === 'object' && flags !== null ? Object.keys(flags).map((name) => `--${name}`) : [];
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
