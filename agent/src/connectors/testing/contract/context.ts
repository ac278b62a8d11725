import { type Collected, collect, NO_LIMITS, NO_MASKS } from '../collect.ts';
import type { Engine, Fixture } from '../engine.ts';
import type { CaseId } from './cases.ts';

/** What each case works with. */
export interface Context {
  readonly engine: Engine;
  readonly fixture: Fixture;
  /** A name as the engine's catalogue has it, where the statement does not quote it. */
  cased(name: string): string;
  run(statement: string, options?: Parameters<typeof collect>[2]): Promise<Collected>;
  /** For a run with a sink of the case's own. */
  unlimited(statement: string): Parameters<Fixture['connector']['run']>[0];
}

export type Cases = Partial<Readonly<Record<CaseId, (context: Context) => Promise<void>>>>;

export const never: AbortSignal = new AbortController().signal;

export function contextOf(engine: Engine, fixture: Fixture): Context {
  return {
    engine,
    fixture,
    cased: (name) => (engine.foldsUp ? name.toUpperCase() : name),
    run: (statement, options = {}) => collect(fixture.connector, statement, options),
    unlimited: (statement) => ({ statement, limits: NO_LIMITS, ...NO_MASKS, signal: never }),
  };
}
