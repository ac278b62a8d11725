import type { Entry } from './json.ts';
import type { Place, Reading } from './reading.ts';

/** Walks one stage's body: notes what it reads and tells the flow what it does to the documents. */
export type ReadStage = (reading: Reading, entry: Entry, place: Place) => void;
