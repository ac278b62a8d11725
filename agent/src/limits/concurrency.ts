import type { ConnectorDialect } from '#core/dialects.ts';
import type { ConcurrencyLimits } from '#core/policy/policy.ts';

/** How many things an agent does at once, all of it settled. */
export interface Concurrency {
  /** Statements that run at the same time. */
  readonly statements: number;
  /** Statements that may wait for their turn. */
  readonly waiting: number;
  /** How long each of them does. */
  readonly waitMs: number;
  /** Sessions with the database (for a file: processes that read it). */
  readonly sessions: number;
  /** Look-ups (schema, values, health) at the same time: those sessions that statements leave to them. */
  readonly lookUps: number;
}

const WAITING = 200;
const WAIT_MS = 30_000;

/** A file's session is a whole process, of the same machine. */
const FILES = { statements: 4, lookUps: 1 };
const SERVERS = { statements: 10, lookUps: 2 };

/**
 * The lowest of what the environment and the policy say. Statements never take all sessions, so that a look-up
 * finds one whatever runs; only where there is a single one do they take turns.
 */
export function settleConcurrency(
  dialect: ConnectorDialect,
  given: Partial<ConcurrencyLimits>,
  ceilings: Partial<ConcurrencyLimits> = {},
): Concurrency {
  const usual = dialect === 'sqlite' || dialect === 'duckdb' ? FILES : SERVERS;
  const lowest = (name: keyof ConcurrencyLimits, fallback: number): number =>
    Math.min(given[name] ?? fallback, ceilings[name] ?? Number.POSITIVE_INFINITY);
  const wanted = lowest('statements', usual.statements);
  const sessions = lowest('sessions', wanted + usual.lookUps);
  const statements = Math.min(wanted, Math.max(1, sessions - 1));
  return {
    statements,
    waiting: lowest('waiting', WAITING),
    waitMs: lowest('waitMs', WAIT_MS),
    sessions,
    lookUps: Math.max(1, sessions - statements),
  };
}
