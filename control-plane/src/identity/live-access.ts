import type { CustardError } from '#core/errors.ts';
import type { Principal } from './principal.ts';

/** Something that lasts: a stream under way, an open socket. */
interface LiveUse {
  readonly principal: Principal;
  readonly end: (reason: CustardError) => void;
}

/** What is open on behalf of somebody, so that it ends with that one's right to it. */
export class LiveAccess {
  readonly #uses = new Set<LiveUse>();

  /** `end` is called once at most; call what is returned when it is over by itself. */
  enter(principal: Principal, end: (reason: CustardError) => void): () => void {
    const use: LiveUse = { principal, end };
    this.#uses.add(use);
    return () => this.#uses.delete(use);
  }

  /** One of each principal that has something open. */
  principals(): Principal[] {
    return [...new Map([...this.#uses].map(({ principal }) => [principal.tokenId, principal])).values()];
  }

  endWhere(matches: (principal: Principal) => boolean, reason: CustardError): void {
    for (const use of [...this.#uses]) {
      if (!matches(use.principal)) continue;
      this.#uses.delete(use);
      use.end(reason);
    }
  }
}
