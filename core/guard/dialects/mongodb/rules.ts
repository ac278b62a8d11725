import { qualified, type Rules } from '../../decide.ts';

/** Databases of the server itself: users, sharding, the log of all writes. */
const SYSTEM_DATABASES: ReadonlySet<string> = new Set(['admin', 'local', 'config', '$external']);

/** What the server keeps beside the collections of a database: users, views, the profile, raw buckets, encryption. */
const SYSTEM_COLLECTION = /(^|\.)system\.|^enxcol_\.|^$|\$/;

/** MongoDB's policy besides the walk itself, which refuses what is on no list: no collection of the system's. */
export function mongodbRules(): Rules {
  return {
    table(use) {
      const isSystem = SYSTEM_DATABASES.has(use.schema?.toLowerCase() ?? '') || SYSTEM_COLLECTION.test(use.name);
      if (!isSystem && use.schema !== '') return undefined;
      return {
        code: 'CONSTRUCT_NOT_ALLOWED',
        reason: `${qualified(use)} is a collection of the system that questions should not read.`,
        hint: 'Read the collections of your own database.',
      };
    },
    function: () => undefined,
    attribute: () => undefined,
    operator: () => undefined,
    type: () => undefined,
  };
}
