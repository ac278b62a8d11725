import type { Flow } from './flow.ts';
import type { Json } from './json.ts';
import type { Notes } from './notes.ts';

/** What the parts of the walk share; they call one another through it. */
export interface Reading {
  readonly notes: Notes;
  readonly expression: (json: Json, place: Place) => void;
  readonly query: (json: Json, place: Place, prefix?: string) => void;
  /** Walks the stages; what comes out at the end is the caller's to note. */
  readonly stages: (json: Json, place: Place) => void;
}

/** What names mean at one place of a statement. */
export interface Place {
  readonly flow: Flow;
  /** Variables in scope, with how many elements they have where constants tell; what they hold was noted before. */
  readonly variables: ReadonlyMap<string, number>;
  /** How often constants alone make the server evaluate this place for one document. */
  readonly repetitions: number;
}

export function withVariables(place: Place, variables: Iterable<readonly [string, number]>): Place {
  return { ...place, variables: new Map([...place.variables, ...variables]) };
}
