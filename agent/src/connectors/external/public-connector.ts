/**
 * `custard/connector`: what a connector of somebody else's is written with. This list is a contract: nothing is taken away
 * from it or changed while ConnectorModule.api stays the same.
 */
export type { ConnectorDialect } from '#core/dialects.ts';
export { CustardError, type ErrorCode, isCustardError } from '#core/errors.ts';
export { type Explanation, explanation, NO_PLAN, type Scan } from '#core/explanation.ts';
export type { TableName } from '#core/guard/verdict.ts';
export type { Mask, MaskedColumn } from '#core/policy/mask.ts';
export { maskText } from '#core/policy/mask-text.ts';
export type { Relation, RelationRead } from '#core/policy/relation.ts';
export { type Posture, type PostureFinding, toPosture } from '#core/posture.ts';
export { CHUNK_BYTES, MAX_ROW_BYTES } from '#core/protocol/limits.ts';
export type { FoundValue, QueryLimits } from '#core/protocol/messages.ts';
export type { DatabaseSchema, SchemaColumn, SchemaTable } from '#core/schema.ts';
export type { Cell, Column, ValueKind } from '#core/values.ts';
export type {
  Connector,
  DescribeOptions,
  ExplainOptions,
  FindOptions,
  RelationsOptions,
  RowSink,
  RunEnd,
  RunOptions,
  SchemaPage,
} from '../connector.ts';
export { Interruption } from '../interruption.ts';
export { cannotMask, maskedColumn } from '../masking.ts';
export { RowLines } from '../rows/row-lines.ts';
export { canceled, resultTooLarge, rowTooLarge, timedOut } from '../run-errors.ts';
export type { Transport } from '../transport.ts';
export type { ConnectorModule, DatabaseEnvironment } from './connector-module.ts';
