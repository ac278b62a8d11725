/** What adjectives measure, as column words in order of preference. `descending` turns the direction round. */
export const CONCEPTS = {
  age: {
    words: ['age', 'birth date', 'birth day', 'birth year', 'born', 'date of birth'],
    reversed: ['birth date', 'birth day', 'birth year', 'born', 'date of birth'],
  },
  size: { words: ['size', 'area', 'surface area', 'population', 'capacity', 'square feet'], reversed: [] },
  price: {
    words: ['price', 'cost', 'unit price', 'list price', 'fee', 'rate', 'charge', 'rental rate', 'amount'],
    reversed: [],
  },
  weight: { words: ['weight'], reversed: [] },
  height: { words: ['height'], reversed: [] },
  length: {
    words: ['length', 'duration', 'running time', 'runtime', 'milliseconds', 'minutes', 'seconds', 'distance'],
    reversed: [],
  },
  speed: { words: ['speed', 'velocity'], reversed: [] },
  date: { words: ['date', 'time', 'year', 'day', 'timestamp'], reversed: [] },
  quality: { words: ['rating', 'score', 'grade', 'points', 'rank'], reversed: ['rank'] },
  wealth: { words: ['net worth', 'worth', 'wealth', 'income'], reversed: [] },
  pay: { words: ['salary', 'pay', 'wage', 'income'], reversed: [] },
  people: { words: ['population'], reversed: [] },
  experience: { words: ['experience', 'years of experience', 'seniority', 'years working'], reversed: [] },
  popularity: { words: ['popularity'], reversed: [] },
  any: { words: [], reversed: [] },
} as const satisfies Record<string, { readonly words: readonly string[]; readonly reversed: readonly string[] }>;

export type ConceptName = keyof typeof CONCEPTS;
