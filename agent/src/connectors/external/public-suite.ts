/** `custard/connector-suite`: the contract suite, for Vitest. */
export { type Absent, CASES, type CaseId } from '../testing/contract/cases.ts';
export { WRONG_PASSWORD } from '../testing/contract/connection-cases.ts';
export { contractTable } from '../testing/contract/contract-table.ts';
export { describeConnector } from '../testing/contract/describe-connector.ts';
export { maskTables, sqlStatements } from '../testing/contract/sql-statements.ts';
export type { Statements } from '../testing/contract/statements.ts';
export {
  CUSTOMERS,
  type Engine,
  type Failure,
  type Fixture,
  SUPPLIERS,
  type ValueSample,
  type WideRow,
} from '../testing/engine.ts';
