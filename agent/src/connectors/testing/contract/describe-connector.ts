import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Fixture } from '../engine.ts';
import { CASES, type CaseId } from './cases.ts';
import { CATALOGUE_CASES } from './catalogue-cases.ts';
import { CONNECTION_CASES } from './connection-cases.ts';
import { type Cases, type Context, contextOf } from './context.ts';
import { ENDING_CASES } from './ending-cases.ts';
import { MASK_CASES } from './mask-cases.ts';
import { RUN_CASES } from './run-cases.ts';

const IMPLEMENTED: Cases = {
  ...CONNECTION_CASES,
  ...RUN_CASES,
  ...ENDING_CASES,
  ...CATALOGUE_CASES,
  ...MASK_CASES,
};

const CASE_IDS = Object.keys(CASES) as CaseId[];

/** The contract suite: Vitest's tests that a connector is what connector.ts says. In a test file of its own per engine. */
export function describeConnector(engine: Engine): void {
  describe(`${engine.name} connector`, () => {
    let fixture: Fixture;
    let context: Context;

    beforeAll(async () => {
      fixture = await engine.start();
      await fixture.addMaskTables();
      context = contextOf(engine, fixture);
    });
    afterAll(async () => {
      await fixture?.stop();
    });

    for (const id of CASE_IDS) {
      const reason = engine.absent?.[id];
      const test = IMPLEMENTED[id];
      if (reason === undefined && test !== undefined) it(CASES[id], () => test(context));
      else it(`${CASES[id]}: absent`, () => expect(reason, 'why it is absent').toMatch(/\w{3}.*\.$/));
    }
  });
}
