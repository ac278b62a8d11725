/** What requests are sent with. */
export interface Credentials {
  /** Null: nothing is known, and the server says what to do. */
  token(): Promise<string | null>;
  /** Another one, after the server found that one expired; null when there is none. Throws when it cannot be had now. */
  renew(refused: string): Promise<string | null>;
}

/** A token that was given by the environment, or that a server inside this process was started with. */
export const fixedToken = (token: string | null): Credentials => ({
  token: async () => token,
  renew: async () => null,
});
