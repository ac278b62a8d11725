import { CustardError } from '#core/errors.ts';
import type { Explanation, Scan } from '#core/explanation.ts';
import type { TableName } from '#core/guard/verdict.ts';
import type { Policy } from '#core/policy/policy.ts';
import { tableRule } from '#core/policy/rules.ts';
import type { Connector, ExplainOptions } from '../connectors/connector.ts';
import type { PolicyGuard } from './policy-guard.ts';

interface ExplainWithin {
  readonly connector: Pick<Connector, 'explain'>;
  readonly guard: PolicyGuard;
  readonly policy: Policy;
}

/** What an agent tells of a statement's plan, once guard and policy would let it be run. */
export async function explainWithin(
  { connector, guard, policy }: ExplainWithin,
  options: ExplainOptions,
): Promise<Explanation> {
  const { statement, signal } = options;
  const { tables } = await guard.permit(statement, await guard.allow(statement), signal);
  signal.throwIfAborted();
  if (connector.explain === undefined) throw noPlans();
  const explanation = await connector.explain(options);
  if (tables === null) return explanation;
  const mayName = (table: TableName) =>
    tables.some((one) => isSame(one, table)) && tableRule(policy, [table]) === undefined;
  return { ...explanation, scans: explanation.scans.map((scan) => restricted(scan, mayName)) };
}

/** A view that is trusted reads what nobody else may hear of; so may an engine's own name for a part of a table. */
function restricted(scan: Scan, mayName: (table: TableName) => boolean): Scan {
  return scan.table !== null && mayName(scan.table) ? scan : { table: null, access: scan.access, rows: null };
}

const isSame = (one: TableName, other: TableName): boolean =>
  one.name === other.name && (one.schema === other.schema || other.schema === null);

const noPlans = (): CustardError =>
  new CustardError('UNSUPPORTED_ENGINE', "This agent's connector tells no plans of statements.", {
    hint: 'Run the statement, or look at its plan with another tool.',
  });
