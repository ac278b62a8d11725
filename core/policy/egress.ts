import { z } from 'zod';

/**
 * What may leave the database's network towards a language model, from the least to the most: names and types; what
 * values look like, with the few that a question names; results that sum rows up; rows.
 */
export const Egress = z.enum(['schema', 'profile', 'aggregates', 'rows']);
export type Egress = z.infer<typeof Egress>;

/** What holds for all agents of a connection; with none there, nothing is known and the least is allowed. */
export function lowest(levels: readonly Egress[]): Egress {
  return Egress.options.find((level) => levels.includes(level)) ?? 'schema';
}

export const permits = (ceiling: Egress, level: Egress): boolean =>
  Egress.options.indexOf(level) <= Egress.options.indexOf(ceiling);
