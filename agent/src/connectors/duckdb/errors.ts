import { CustardError, type ErrorCode } from '#core/errors.ts';
import type { FailureContext } from '../file/file-connector.ts';
import { fromOwnFailure } from '../file/own-failure.ts';
import type { EngineFailure, WorkerFailure } from '../file/worker-protocol.ts';
import { canceled } from '../run-errors.ts';

interface Translation {
  readonly code: ErrorCode;
  readonly hint?: string;
}

const SEE_SCHEMA = 'See what there is with: custard schema list';
const READ_ONLY: Translation = {
  code: 'NOT_READ_ONLY',
  hint: 'Custard only reads. Run a writing statement with another tool.',
};
const BUSY: Translation = {
  code: 'DATABASE_UNREACHABLE',
  hint: 'Another program has the file open to write, and DuckDB lets nobody in meanwhile. Close it there, or point Custard at a copy.',
};
const NO_DATABASE: Translation = {
  code: 'DATABASE_NOT_FOUND',
  hint: 'The file is there but is no DuckDB database that this version can read. Check the path.',
};
const MEMORY: Translation = {
  code: 'QUERY_FAILED',
  hint: 'The statement needs more memory than Custard allows it. Ask for less.',
};

/** DuckDB tells a kind of error by the words before its message, and what is behind them only in the message. */
const TRANSLATIONS: readonly (readonly [kind: RegExp, message: RegExp, Translation])[] = [
  [/^Parser Error$/, /./, { code: 'STATEMENT_INVALID' }],
  [/^Not a read$/, /./, READ_ONLY],
  [
    /^File macro$/,
    /./,
    { code: 'FUNCTION_NOT_ALLOWED', hint: 'Only the built-in functions are known to read nothing else.' },
  ],
  [
    /./,
    /attached in read-only mode|in-memory database in read-only|read-only transaction|transaction is launched in read-only/i,
    READ_ONLY,
  ],
  [/./, /configuration has been locked|locked configuration/i, READ_ONLY],
  [/./, /^Cannot prepare multiple statements/, { code: 'MULTIPLE_STATEMENTS', hint: 'Send them one by one.' }],
  [/./, /^No statement to prepare/, { code: 'STATEMENT_INVALID', hint: 'Write a SELECT.' }],
  [
    /./,
    /^Values were not provided for .*parameters/,
    { code: 'STATEMENT_INVALID', hint: 'Write the values themselves.' },
  ],
  [
    /^Permission Error$/,
    /./,
    { code: 'PERMISSION_DENIED', hint: 'Custard reads the tables of the file, and nothing beside it.' },
  ],
  [
    /^Catalog Error$/,
    /^(Table|View|Schema|Catalog) .*does not exist/,
    { code: 'RELATION_NOT_FOUND', hint: SEE_SCHEMA },
  ],
  [/^Binder Error$/, /^Referenced table /, { code: 'RELATION_NOT_FOUND', hint: SEE_SCHEMA }],
  [
    /^Binder Error$/,
    /^Referenced column |does not have a column named|^Column .* not found/,
    { code: 'COLUMN_NOT_FOUND', hint: 'See its columns with: custard schema show TABLE' },
  ],
  [/^INTERRUPT Error$/, /./, { code: 'QUERY_CANCELED' }],
  [/^Out of Memory Error$/, /./, MEMORY],
  [/^IO Error$/, /^Could not set lock/, BUSY],
  [/^IO Error$/, /not a valid DuckDB database|newer version|older version/, NO_DATABASE],
  [
    /^(IO|Serialization) Error$/,
    /./,
    { code: 'DATABASE_NOT_FOUND', hint: 'Check the path, and that this user may read the file.' },
  ],
];

export function fromFailure(failure: WorkerFailure, context: FailureContext): CustardError {
  switch (failure.kind) {
    case 'no driver':
      return new CustardError('UNSUPPORTED_ENGINE', 'DuckDB is not installed, or has no build for this machine.', {
        hint: 'Install it beside Custard: npm install @duckdb/node-api@1.5.5-r.5',
      });
    case 'engine':
      return fromEngine(failure);
    default:
      return fromOwnFailure(failure, context);
  }
}

function fromEngine({ code: kind, message, where }: EngineFailure): CustardError {
  const cause = new Error(`${kind}: ${message}`);
  const translation = TRANSLATIONS.find(([kinds, messages]) => kinds.test(kind) && messages.test(message))?.[2];
  const code = translation?.code ?? 'QUERY_FAILED';
  if (code === 'QUERY_CANCELED') return canceled(cause);
  return new CustardError(code, withoutLiterals(kind, message), {
    details: { engineCode: kind, ...(where === undefined ? {} : { where }) },
    cause,
    ...(translation?.hint === undefined ? {} : { hint: translation.hint }),
  });
}

/**
 * Values of the statement or of the data are no part of a message; names of tables, columns and types are. Below the first
 * line DuckDB may show a value again, or names that it finds alike, which a policy may hide.
 */
function withoutLiterals(kind: string, message: string): string {
  const [first = ''] = message.split('\n');
  if (NAMING.test(kind)) return first.replaceAll(IN_QUOTES, (text) => (/^'\w{1,40}'$/.test(text) ? text : "'…'"));
  const plain = first.replaceAll(IN_QUOTES, "'…'");
  const isSyntax = kind === 'Parser Error';
  const unquoted = plain.replaceAll(/"(?:[^"]|"")*"/g, (text) =>
    isSyntax && /^"[A-Za-z_]\w{0,40}"$/.test(text) ? text : '"…"',
  );
  return isSyntax ? unquoted : unquoted.replaceAll(/(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, '…');
}

const IN_QUOTES = /'(?:[^']|'')*'/g;

/** Errors whose quotes hold names. */
const NAMING = /^(?:(?:Binder|Catalog|IO|Permission) Error|File macro)$/;
