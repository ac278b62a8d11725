import { Scope } from '../../parsing/scope.ts';

/** Inside MATCH_RECOGNIZE: the symbols of the pattern qualify columns like tables that the statement makes. */
export class PatternScope extends Scope {}
