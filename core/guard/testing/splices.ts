import fc from 'fast-check';

/** Roughly any SQL dialect's tokens, white space apart. */
const TOKENS = /--[^\n]*\n?|\/\*[\s\S]*?\*\/|[eEuU]?&?'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|[\w$]+|\S/g;

const tokensOf = (sql: string): string[] => [...sql.matchAll(TOKENS)].map(([token]) => token);

/** A piece of one statement put into another at a token's boundary, in the place of a few of its tokens or of none. */
export function arbitrarySplice(donors: readonly string[], hosts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .record({
      donor: fc.constantFrom(...donors),
      host: fc.constantFrom(...hosts),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.integer({ min: 1, max: 24 }),
      replaced: fc.integer({ min: 0, max: 4 }),
    })
    .map(({ donor, host, from, at, length, replaced }) => {
      const [piece, tokens] = [tokensOf(donor), tokensOf(host)];
      const start = Math.floor(from * piece.length);
      tokens.splice(Math.floor(at * tokens.length), replaced, ...piece.slice(start, start + length));
      return tokens.join(' ');
    });
}
