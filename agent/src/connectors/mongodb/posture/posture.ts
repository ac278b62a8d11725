import { z } from 'zod';
import { isCustardError } from '#core/errors.ts';
import { type Posture, type PostureFinding, toPosture } from '#core/posture.ts';
import type { MongodbSettings } from '../../settings.ts';
import type { Client } from '../client.ts';
import { transportOf } from '../transport.ts';
import { leastPrivilege } from './least-privilege.ts';
import { privilegeFindings } from './privilege-findings.ts';

const BUDGET_MS = 10_000;

const Status = z.object({
  authInfo: z.object({
    authenticatedUsers: z.array(z.object({ user: z.string(), db: z.string() })),
    authenticatedUserPrivileges: z
      .array(z.object({ resource: z.record(z.string(), z.unknown()), actions: z.array(z.string()) }))
      .default([]),
  }),
});

/** Grades what the user may do besides reading, by what the server says of the connection itself. One round trip. */
export async function assessUser(client: Client, signal: AbortSignal): Promise<Posture> {
  const { database } = client.settings;
  const findings = transportFindings(client.settings);
  try {
    const status = await client.command(
      { connectionStatus: 1, showPrivileges: true },
      { timeoutMs: BUDGET_MS, signal },
    );
    const { authenticatedUsers, authenticatedUserPrivileges } = Status.parse(status).authInfo;
    const [user] = authenticatedUsers;
    if (user === undefined) findings.push(nobody);
    else findings.push(...privilegeFindings(authenticatedUserPrivileges, database));
    return toPosture(findings, leastPrivilege(database, user?.user));
  } catch (error) {
    if (isCustardError(error) && error.code !== 'PERMISSION_DENIED' && error.code !== 'QUERY_FAILED') throw error;
    if (!isCustardError(error) && !(error instanceof z.ZodError)) throw error;
    return toPosture([...findings, notInspected], leastPrivilege(database, undefined));
  }
}

const nobody: PostureFinding = {
  code: 'no_authentication',
  severity: 'bad',
  message: 'The connection is nobody’s: a server that asks for no user lets everybody who reaches it write.',
  hint: 'Turn authorization on in the server (security.authorization: enabled) and give the agent the user below.',
};

const notInspected: PostureFinding = {
  code: 'not_inspected',
  severity: 'warn',
  message: 'Not known: what the user may do; the server does not tell.',
  hint: 'Use a server that answers connectionStatus with showPrivileges, as MongoDB does.',
};

function transportFindings(settings: MongodbSettings): PostureFinding[] {
  const { isLocal, encryption } = transportOf(settings);
  if (encryption === 'none') return isLocal ? [] : [noTls];
  return encryption === 'unverified' ? [unchecked] : [];
}

const noTls: PostureFinding = {
  code: 'no_tls',
  severity: 'warn',
  message: 'What goes to the server and back is not encrypted.',
  hint: 'Add ?tls=true to the URL; the server has to have a certificate.',
};

const unchecked: PostureFinding = {
  code: 'certificate_not_checked',
  severity: 'info',
  message: 'The server’s certificate is not checked: another server could take its place.',
  hint: 'Take tlsInsecure and tlsAllowInvalid… out of the URL, and name the authority with tlsCAFile.',
};
