import type { Client } from 'pg';
import { CustardError } from '#core/errors.ts';
import type { PostgresSettings } from '../settings.ts';

const WITH_BINDING = 'SCRAM-SHA-256-PLUS';

/**
 * `channel_binding=require`: the login has to prove that nobody stands between, or does not happen. pg binds where the
 * server offers it and goes on without where it does not; whoever stands between would see to that.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CHANNEL-BINDING
 */
export class ChannelBindingCheck {
  readonly #isRequired: boolean;
  #offered = false;

  constructor({ channelBinding }: PostgresSettings) {
    this.#isRequired = channelBinding === 'require';
  }

  watch({ connection }: Client): void {
    // Before pg's own listener, which asks for the password.
    connection.prependListener('authenticationSASL', (message: { readonly mechanisms: readonly string[] }) => {
      this.#offered = 'encrypted' in connection.stream && message.mechanisms.includes(WITH_BINDING);
    });
  }

  beforePassword(): void {
    if (this.#isRequired && !this.#offered) throw notBound();
  }

  /** A server that let us in without a password has proven nothing either. */
  afterLogin(): void {
    this.beforePassword();
  }
}

const notBound = (): CustardError =>
  new CustardError(
    'DATABASE_AUTH_FAILED',
    'The server does not offer channel binding, which channel_binding=require demands.',
    {
      hint: 'It takes TLS, a password stored as scram-sha-256, and no pooler that ends TLS; without channel_binding in the URL, sslmode=verify-full says who is there.',
    },
  );
