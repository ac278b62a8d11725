import type { CustardError } from '#core/errors.ts';
import { type Egress, lowest } from '#core/policy/egress.ts';
import { OPEN_POLICY } from '#core/policy/policy.ts';
import { DEAD_AFTER_PINGS, DRAIN_MS, MAX_AGENTS_PER_CONNECTION, PING_EVERY_MS } from '#core/protocol/limits.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type { AgentSession } from './agent-session.ts';
import type { Gateway, LinkedKey } from './gateway.ts';
import { agentLost, agentOffline, closing, connectionDeleted, keyEnded, tooManyAgents } from './link-errors.ts';

/** Longer than it takes an agent from the look-up of its key to its hello. */
const REMEMBER_DELETED_MS = 60_000;

/** The agents connected to this replica, and the way to them. */
export class AgentSessions implements Gateway {
  readonly #byConnection = new Map<string, AgentSession[]>();
  readonly #pingTimers = new Map<AgentSession, NodeJS.Timeout>();
  /** By the key they came with; not those of this process' own agent. */
  readonly #keys = new Map<AgentSession, string>();
  /** Of connections and keys. */
  readonly #deleted = new BoundedCache<true>({ limit: 10_000, keepMs: REMEMBER_DELETED_MS });
  #lastEpoch = 0;
  #draining = false;

  /** Greater than every one before it, across restarts too. */
  nextEpoch(): number {
    this.#lastEpoch = Math.max(this.#lastEpoch + 1, Date.now());
    return this.#lastEpoch;
  }

  /** Why a session cannot be added, if it cannot: what its key was good for may have changed since. */
  refusal(agent: { connectionId: string; instanceId: string; keyId: string | null }): CustardError | null {
    const { connectionId, instanceId, keyId } = agent;
    if (this.#draining) return closing();
    if (keyId !== null && this.#deleted.get(keyId) === true) return keyEnded();
    if (this.#deleted.get(connectionId) === true) return connectionDeleted();
    const others = this.#of(connectionId).filter((session) => session.hello.instanceId !== instanceId);
    return others.length >= MAX_AGENTS_PER_CONNECTION ? tooManyAgents() : null;
  }

  /** Adds a welcomed session; an older one of the same agent process is a dead socket and goes. */
  add(session: AgentSession, keyId: string | null): void {
    if (keyId !== null) this.#keys.set(session, keyId);
    const sessions = this.#of(session.connectionId);
    const { instanceId } = session.hello;
    for (const stale of sessions.filter((other) => other.hello.instanceId === instanceId)) {
      stale.terminate();
      this.remove(stale);
    }
    this.#byConnection.set(session.connectionId, [...this.#of(session.connectionId), session]);
    this.#pingTimers.set(session, this.#startPings(session));
  }

  /** The session's socket is gone. Returns true when it was the connection's last one. */
  remove(session: AgentSession): boolean {
    if (!this.#pingTimers.has(session)) return false;
    clearInterval(this.#pingTimers.get(session));
    this.#pingTimers.delete(session);
    this.#keys.delete(session);
    const rest = this.#of(session.connectionId).filter((other) => other !== session);
    if (rest.length > 0) this.#byConnection.set(session.connectionId, rest);
    else this.#byConnection.delete(session.connectionId);
    session.lost(agentLost());
    return rest.length === 0;
  }

  run({ connectionId, statement, limits, signal }: Parameters<Gateway['run']>[0]): ReturnType<Gateway['run']> {
    return this.#pick(connectionId, signal).then((session) => session.run(statement, limits, signal));
  }

  async explain({ connectionId, ...options }: Parameters<Gateway['explain']>[0]): ReturnType<Gateway['explain']> {
    const session = await this.#pick(connectionId, options.signal);
    const able = session.canExplain ? session : this.#reaching(connectionId).find((one) => one.canExplain);
    return able === undefined ? null : await able.explain(options);
  }

  describe({ connectionId, known, signal }: Parameters<Gateway['describe']>[0]): ReturnType<Gateway['describe']> {
    return this.#pick(connectionId, signal).then((session) => session.describe(known, signal));
  }

  findValues({ connectionId, texts, signal }: Parameters<Gateway['findValues']>[0]): ReturnType<Gateway['findValues']> {
    return this.#pick(connectionId, signal).then((session) => session.findValues(texts, signal));
  }

  session(connectionId: string): AgentSession['info'] | null {
    const sessions = this.#of(connectionId).filter((session) => session.available);
    const [best] = sessions.toSorted((a, b) => Number(b.reachesDatabase) - Number(a.reachesDatabase));
    if (best === undefined) return null;
    const { info } = best;
    const sum = (of: 'running' | 'waiting') =>
      sessions.reduce((all, { info: one }) => all + (one.health?.[of] ?? 0), 0);
    const health = info.health && { ...info.health, running: sum('running'), waiting: sum('waiting') };
    return { ...info, health, agents: sessions.length };
  }

  egress(connectionId: string): Egress {
    const sessions = this.#of(connectionId).filter((session) => session.available);
    return lowest(sessions.map(({ hello }) => hello.policy?.egress ?? OPEN_POLICY.egress));
  }

  disconnect(connectionId: string): void {
    this.#deleted.set(connectionId, true);
    for (const session of this.#of(connectionId)) session.refuse(connectionDeleted());
  }

  endKey(connectionId: string, keyId: string): void {
    this.#deleted.set(keyId, true);
    for (const session of this.#of(connectionId)) if (this.#keys.get(session) === keyId) session.refuse(keyEnded());
  }

  linkedKeys(): readonly LinkedKey[] {
    return [...this.#keys].map(([{ connectionId }, keyId]) => ({ connectionId, keyId }));
  }

  /** Tells every agent to go elsewhere and waits, bounded, until what is under way has ended. */
  async drain(): Promise<void> {
    this.#draining = true;
    const deadline = performance.now() + DRAIN_MS;
    const sessions = [...this.#byConnection.values()].flat();
    for (const session of sessions) session.drain();
    while (this.#byConnection.size > 0 && performance.now() < deadline) {
      if (sessions.every((session) => session.load === 0)) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const session of sessions) session.terminate();
  }

  #of(connectionId: string): readonly AgentSession[] {
    return this.#byConnection.get(connectionId) ?? [];
  }

  #reaching(connectionId: string): readonly AgentSession[] {
    const available = this.#of(connectionId).filter((session) => session.available);
    const reaching = available.filter((session) => session.reachesDatabase);
    return reaching.length > 0 ? reaching : available;
  }

  /** The least loaded agent of the connection, of those that reach its database if any does. */
  async #pick(connectionId: string, signal: AbortSignal): Promise<AgentSession> {
    signal.throwIfAborted();
    const [first, ...others] = this.#reaching(connectionId);
    if (first === undefined) throw agentOffline();
    return others.reduce((least, session) => (session.load < least.load ? session : least), first);
  }

  #startPings(session: AgentSession): NodeJS.Timeout {
    // Spread over time, so that a thousand agents that came back together are not pinged together.
    const timer = setInterval(
      () => {
        if (!session.ping(DEAD_AFTER_PINGS)) session.terminate();
      },
      PING_EVERY_MS * (0.9 + Math.random() * 0.2),
    );
    timer.unref();
    return timer;
  }
}
