import { setFlagsFromString } from 'node:v8';
import type { ParserModule } from 'libpg-query/wasm/libpg-query.js';
import { z } from 'zod';
import { isTooDeep } from '../../nesting.ts';

/** PostgreSQL's own grammar; `parse` answers the raw tree, the server's complaint, or that the parser broke. */
export interface Parser {
  parse(statement: string): Promise<Parsed>;
}

export type Parsed =
  | { readonly kind: 'tree'; readonly statements: readonly RawStatement[] }
  /** `offset` in characters, 0-based. */
  | { readonly kind: 'invalid'; readonly message: string; readonly offset: number }
  /** Stack or memory ran out, or would have: the nesting is too deep. */
  | { readonly kind: 'broken' };

/** Offsets and lengths in bytes of UTF-8; the serializer leaves zeros out. */
const RawStatement = z.object({
  stmt: z.record(z.string(), z.unknown()).optional(),
  stmt_location: z.number().optional(),
});
type RawStatement = z.infer<typeof RawStatement>;
const ParseTree = z.object({ stmts: z.array(RawStatement).default([]) });

/** Field offsets of libpg_query's PgQueryParseResult and PgQueryError, in bytes. */
const RESULT = { tree: 0, error: 8 };
const ERROR = { message: 0, cursor: 16 };

/**
 * V8's optimizing compiler takes 550 MiB for a moment over the grammar's one giant function, enough
 * to have a small container killed, and gains nothing measurable: the baseline code parses 10,000 statements/s.
 */
const BASELINE_CODE_ONLY = ['--no-wasm-dynamic-tiering', '--no-wasm-tier-up'];

interface Instance {
  readonly module: ParserModule;
  /** A crash leaves its heap in an unknown state. */
  isTorn: boolean;
}

export async function loadParser(): Promise<Parser> {
  for (const flag of BASELINE_CODE_ONLY) setFlagsFromString(flag);
  const { default: createModule } = await import('libpg-query/wasm/libpg-query.js');
  const start = async (): Promise<Instance> => ({ module: await createModule(), isTorn: false });
  let current = await start();
  let starting: Promise<Instance> | undefined;
  /** Statements that come while a fresh instance is being made wait for it; a start that fails is tried again. */
  const usable = async (): Promise<Instance> => {
    while (current.isTorn) {
      starting ??= start().finally(() => {
        starting = undefined;
      });
      current = await starting;
    }
    return current;
  };
  return {
    async parse(statement) {
      if (isTooDeep(statement)) return { kind: 'broken' };
      const instance = await usable();
      try {
        return parseWith(instance.module, statement);
      } catch {
        instance.isTorn = true;
        return { kind: 'broken' };
      }
    },
  };
}

/** Throws only when the instance is no longer fit for use. */
function parseWith(module: ParserModule, statement: string): Parsed {
  const bytes = module.lengthBytesUTF8(statement) + 1;
  const query = module._malloc(bytes);
  module.stringToUTF8(statement, query, bytes);
  const result = module._wasm_parse_query_raw(query);
  const error = module.getValue(result + RESULT.error, 'i32');
  const parsed: Parsed =
    error === 0
      ? { kind: 'tree', statements: readTree(module.UTF8ToString(module.getValue(result + RESULT.tree, 'i32'))) }
      : {
          kind: 'invalid',
          message: module.UTF8ToString(module.getValue(error + ERROR.message, 'i32')),
          offset: Math.max(0, module.getValue(error + ERROR.cursor, 'i32') - 1),
        };
  module._free(query);
  module._wasm_free_parse_result(result);
  return parsed;
}

function readTree(json: string): readonly RawStatement[] {
  return ParseTree.parse(JSON.parse(json)).stmts;
}
