import { KIB } from '../protocol/limits.ts';
import { parseStrictYaml } from '../strict-yaml.ts';
import { LIMIT_NAMES } from './limits-document.ts';
import type { Policy } from './policy.ts';
import { PolicyDocument } from './policy-document.ts';

export const MAX_POLICY_BYTES = 256 * KIB;

/** What each level of the file may hold. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['version', 'tables', 'columns', 'masks', 'views', 'limits', 'egress', 'posture'],
  tables: ['allow', 'deny'],
  columns: ['allow', 'deny'],
  'masks.*': ['columns', 'show'],
  views: ['trusted'],
  limits: LIMIT_NAMES,
};

/**
 * A policy from the text of its file.
 * @param source how messages call the file
 * @throws CONFIG_INVALID with the place of everything that is wrong; values are not repeated
 */
export function parsePolicy(text: string, source: string): Policy {
  return parseStrictYaml(text, {
    schema: PolicyDocument,
    called: `The policy ${source}`,
    hint: 'docs/policy.md has the format, with examples.',
    keys: KEYS,
  }).data;
}
