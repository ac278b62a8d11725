import type { Logger } from 'pino';
import type { AgentKeyRepository } from '../db/agent-key-repository.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { LiveAccess } from '../identity/live-access.ts';
import { accessEnded } from './account-errors.ts';

interface AccessWatchOptions {
  readonly authenticator: Authenticator;
  readonly live: LiveAccess;
  readonly agentKeys: AgentKeyRepository;
  readonly gateway: Gateway;
  readonly logger: Logger;
}

/** What was ended on another replica, and what expires by itself, stays open here that long at most. */
const LOOK_EVERY_MS = 10_000;

/** Ends what is still open on behalf of tokens, sessions and keys that are good no more. */
export class AccessWatch {
  readonly #options: AccessWatchOptions;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(options: AccessWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking ??= this.look()
        .catch((error: unknown) => this.#options.logger.warn({ error }, 'open access could not be checked'))
        .finally(() => {
          this.#looking = null;
        });
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  async look(): Promise<void> {
    const { authenticator, live, agentKeys, gateway } = this.#options;
    const ended = new Set((await authenticator.ended(live.principals())).map(({ tokenId }) => tokenId));
    if (ended.size > 0)
      live.endWhere(
        ({ tokenId }) => ended.has(tokenId),
        accessEnded('The session or token has ended, or its role changed.'),
      );
    const keys = gateway.linkedKeys();
    if (keys.length === 0) return;
    const valid = await agentKeys.stillValid(keys.map(({ keyId }) => keyId));
    for (const { connectionId, keyId } of keys) if (!valid.has(keyId)) gateway.endKey(connectionId, keyId);
  }
}
