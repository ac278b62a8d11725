import { expect } from 'vitest';
import type { Connector } from '../../connector.ts';
import { type Cases, type Context, never } from './context.ts';

async function whatPingSays(open: (() => Promise<Connector>) | undefined): Promise<unknown> {
  if (open === undefined) throw new Error('The engine has to give such a connector, or say why it has none.');
  const connector = await open();
  try {
    return await connector.ping({ signal: never });
  } catch (error) {
    return error;
  } finally {
    await connector.close();
  }
}

const tellsWrong = async (context: Context, how: keyof Context['fixture']['wrong'], code: string): Promise<unknown> => {
  const error = await whatPingSays(context.fixture.wrong[how]);
  expect(error).toMatchObject({ code, message: expect.stringMatching(/\S/), hint: expect.stringMatching(/\S/) });
  return error;
};

export const CONNECTION_CASES: Cases = {
  async version({ fixture, engine }) {
    const { version } = await fixture.connector.ping({ signal: never });
    expect(version).toMatch(/^\d+\.\d+/);
    expect(fixture.connector.dialect).toBe(engine.dialect);
  },
  async unreachable(context) {
    await tellsWrong(context, 'unreachable', 'DATABASE_UNREACHABLE');
  },
  async missing(context) {
    await tellsWrong(context, 'missing', 'DATABASE_NOT_FOUND');
  },
  async password(context) {
    const error = await tellsWrong(context, 'password', 'DATABASE_AUTH_FAILED');
    const { message, hint } = Object(error) as { readonly message: string; readonly hint: string };
    expect(`${message} ${hint}`).not.toContain(WRONG_PASSWORD);
  },
  async close({ fixture }) {
    const { connector } = fixture;
    await connector.close();
    await connector.close();
    await expect(connector.ping({ signal: AbortSignal.timeout(15_000) })).rejects.toThrow();
  },
};

/** What engines give where a password is to be wrong. */
export const WRONG_PASSWORD = 'wr0ng-p@ss/word';
