import { option } from '@oclif/core/flags';
import { FORMATS } from '../output/formats.ts';
import { targetFlags } from './query-flags.ts';

/** For commands about a server's things. */
export const serverFlags = { 'api-url': targetFlags['api-url'] };

/** For commands that print a list. */
export const listFlags = {
  format: option({ options: FORMATS })({ char: 'o', description: 'Format of the list.' }),
};

export const schemaFlags = { ...targetFlags, ...listFlags };
