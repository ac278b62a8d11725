import { boolean, option, string } from '@oclif/core/flags';
import { FORMATS } from '../output/formats.ts';

/** Which server or database, and which connection of the server. */
export const targetFlags = {
  connection: string({ char: 'c', description: 'Connection to ask, by name or id.', helpValue: 'NAME' }),
  db: string({
    description:
      'Ask this database directly, with no server: postgres://user@host/database, mysql://…, mongodb://…, sqlite:FILE or duckdb:FILE.',
    helpValue: 'URL',
  }),
  file: string({
    description:
      'Ask this file, with no server: CSV, TSV, JSON, NDJSON or Parquet, also .gz, or - for standard input. Each file is a table named after it.',
    helpValue: 'FILE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'api-url': string({ description: 'The Custard server.', helpValue: 'URL' }),
};

const outputFlags = {
  format: option({ options: FORMATS })({
    char: 'o',
    description: 'Format of the result; csv, tsv and ndjson bring all rows.',
  }),
  out: string({ description: 'Write the result to a file, which appears once it is complete.', helpValue: 'FILE' }),
  raw: boolean({ description: 'csv, tsv and ndjson: unescaped on a terminal too.' }),
};

export const queryFlags = {
  ...targetFlags,
  ...outputFlags,
  'max-rows': string({ description: 'Rows to bring at most.', helpValue: 'N' }),
  timeout: string({ description: 'Give up after this long: 500ms, 30s, 5m. Default 30s.', helpValue: 'TIME' }),
  'fail-on-empty': boolean({ description: 'Exit with 8 when there are no rows.' }),
};

export const askFlags = {
  ...queryFlags,
  'sql-only': boolean({ description: 'Print the SQL and do not run it.', exclusive: ['dry-run'] }),
  'dry-run': boolean({ description: 'Write and check the SQL, say what the engine expects of it, do not run it.' }),
  'follow-up': string({
    description: 'Go on from an earlier question, by its id: "and in 2024?", "only Germany", "by month".',
    helpValue: 'ID',
  }),
  explain: boolean({ description: 'Say how each phrase of the question was read, and the id to follow up on.' }),
};
