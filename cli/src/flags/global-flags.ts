import { boolean } from '@oclif/core/flags';

/** What every command takes. */
export const globalFlags = {
  json: boolean({ description: 'Print one JSON document: the answer, or the error.', helpGroup: 'GLOBAL' }),
  quiet: boolean({ char: 'q', description: 'No progress, no notes.', helpGroup: 'GLOBAL' }),
  verbose: boolean({ char: 'v', description: 'Progress and notes off a terminal too.', helpGroup: 'GLOBAL' }),
  debug: boolean({ description: 'With an error, where in the program it came from.', helpGroup: 'GLOBAL' }),
  'no-color': boolean({ description: 'No colours (NO_COLOR does the same).', helpGroup: 'GLOBAL' }),
  'no-input': boolean({ description: 'Never ask anything.', helpGroup: 'GLOBAL' }),
};

export interface GlobalFlags {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly debug: boolean;
  readonly 'no-color': boolean;
  readonly 'no-input': boolean;
}
