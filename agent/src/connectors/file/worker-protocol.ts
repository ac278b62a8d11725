import type { Position } from '#core/errors.ts';
import type { Scan } from '#core/explanation.ts';
import type { TableName } from '#core/guard/verdict.ts';
import type { MaskedColumn } from '#core/policy/mask.ts';
import type { Relation, RelationRead } from '#core/policy/relation.ts';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { Column } from '#core/values.ts';
import type { SchemaPage } from '../connector.ts';

/**
 * Between the connector and its worker process, one request at a time. Requests are lines of JSON;
 * answers are messages framed as message-splitter.ts says: JSON, or row lines in chunks of at most
 * CHUNK_BYTES. Both go over one pipe that Node itself never touches, unlike the standard ones, which
 * it makes non-blocking as it likes.
 *
 * This file is loaded by the worker, whose start counts for every question: types, no zod.
 */
export type WorkerRequest =
  | { readonly type: 'ping' }
  | {
      readonly type: 'run';
      readonly statement: string;
      readonly rows: number;
      readonly bytes: number;
      readonly masks: readonly MaskedColumn[];
      /** In base64; empty without masks. */
      readonly maskKey: string;
    }
  | { readonly type: 'describe'; readonly schemas: readonly string[] | null }
  | { readonly type: 'explain'; readonly statement: string }
  | { readonly type: 'relations'; readonly tables: readonly TableName[] }
  | { readonly type: 'candidates' }
  /** Ends the request before it, which answers; has no answer of its own. Only to workers that can. */
  | { readonly type: 'interrupt' }
  | {
      readonly type: 'find';
      readonly texts: readonly string[];
      readonly candidates: readonly FindCandidate[];
      readonly budgetMs: number;
    };

/** A column that may hold a text that is looked for. */
export interface FindCandidate {
  /** Null where the engine has no schemas. */
  readonly schema: string | null;
  readonly table: string;
  readonly column: string;
  /** Of SQLite's virtual tables: whose rows it may show. */
  readonly reads: readonly RelationRead[];
}

/** Comes before the last answer: a result's columns, values found so far, some of the tables. */
export type InterimAnswer =
  | { readonly type: 'columns'; readonly columns: readonly Column[] }
  | { readonly type: 'hits'; readonly found: readonly FoundValue[] }
  | { readonly type: 'schema page'; readonly page: SchemaPage };

/** What became of a file of data. */
export interface LoadedTable {
  /** The file, as the user calls it. */
  readonly label: string;
  readonly table: string;
  readonly rows: number;
  readonly columns: number;
  /** What was read in a way that the user may not have meant; sentences. */
  readonly notes: readonly string[];
}

/** The last answer to each request: the one named after it, or `failed`. */
export type FinalAnswer =
  | { readonly type: 'ping'; readonly version: string; readonly tables?: readonly LoadedTable[] }
  | { readonly type: 'run'; readonly rows: number; readonly truncated: boolean }
  | { readonly type: 'describe' }
  | { readonly type: 'explain'; readonly rows: number | null; readonly scans: readonly Scan[] }
  | { readonly type: 'relations'; readonly relations: readonly Relation[] }
  /** Those of small tables first. */
  | { readonly type: 'candidates'; readonly candidates: readonly FindCandidate[] }
  | { readonly type: 'find' }
  | { readonly type: 'failed'; readonly failure: WorkerFailure };

export type WorkerAnswer = InterimAnswer | FinalAnswer;

/** The engine's own words, or a limit of ours. */
export type WorkerFailure =
  | EngineFailure
  | { readonly kind: 'no driver' }
  | { readonly kind: 'no such file' }
  /** A file of data; both are sentences for the user. */
  | { readonly kind: 'unreadable file'; readonly message: string; readonly hint: string }
  | { readonly kind: 'several statements' }
  | { readonly kind: 'cannot mask'; readonly column: string }
  | { readonly kind: 'result too large' }
  | { readonly kind: 'row too large' };

export interface EngineFailure {
  readonly kind: 'engine';
  readonly code: string;
  readonly message: string;
  /** In the statement, where the engine tells it. */
  readonly where?: Position;
  /** The engine can do nothing more in this process. */
  readonly isFatal?: boolean;
}

/** The worker's end of the pipe. */
export const PIPE_FD = 3;
export const MESSAGE = { answer: 0x4a, rows: 0x52 } as const;
export const MESSAGE_HEADER_BYTES = 5;
