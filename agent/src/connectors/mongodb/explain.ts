import type { Document } from 'mongodb';
import { type Explanation, explanation, type Scan } from '#core/explanation.ts';
import type { ExplainOptions } from '../connector.ts';
import type { Client } from './client.ts';
import { parseStatement } from './statement.ts';

const MAX_DEPTH = 200;

/** The planner's choice, which it makes without running it. https://www.mongodb.com/docs/manual/reference/command/explain/ */
export async function explainStatement(
  client: Client,
  { statement, timeoutMs, signal }: ExplainOptions,
): Promise<Explanation> {
  const { kind, command } = parseStatement(client.driver, statement);
  const explained = kind === 'pipeline' ? { ...command, cursor: {} } : command;
  const answer = await client.command({ explain: explained, verbosity: 'queryPlanner' }, { timeoutMs, signal });
  return explanation({ scans: [...plansIn(answer, 0)] });
}

/** The parts of the answer that hold plans; others hold the statement's literals and what was not chosen. */
const PARTS = ['stages', 'shards', '$cursor', 'queryPlanner', 'winningPlan'] as const;

function* plansIn(node: unknown, depth: number): Generator<Scan> {
  if (!(node instanceof Object) || depth > MAX_DEPTH) return;
  if (Array.isArray(node)) {
    for (const item of node) yield* plansIn(item, depth + 1);
    return;
  }
  const document: Document = node;
  yield* joinsOf(document);
  if (typeof document['namespace'] === 'string') yield* stagesOf(document['winningPlan'], document['namespace'], depth);
  for (const name of PARTS) {
    if (name === 'shards' && !Array.isArray(document[name])) yield* plansIn(Object.values(document[name] ?? {}), depth);
    else yield* plansIn(document[name], depth + 1);
  }
}

/** Collections that a stage reads beside the pipeline's own. */
function* joinsOf(stage: Document): Generator<Scan> {
  const { $lookup, $graphLookup, $unionWith } = stage;
  for (const name of [$lookup?.from, $graphLookup?.from, $unionWith?.coll ?? $unionWith]) {
    if (typeof name === 'string') yield { table: { schema: null, name }, access: 'other', rows: null };
  }
}

function* stagesOf(node: unknown, namespace: string, depth: number): Generator<Scan> {
  if (!(node instanceof Object) || depth > MAX_DEPTH) return;
  const { stage, queryPlan, inputStage, inputStages, foreignCollection, strategy, shards }: Document = node;
  const access = ACCESSES[String(stage)];
  if (access !== undefined) yield { table: collection(namespace), access, rows: null };
  if (typeof foreignCollection === 'string') {
    yield {
      table: collection(foreignCollection),
      access: strategy === 'IndexedLoopJoin' ? 'index' : 'full',
      rows: null,
    };
  }
  for (const inner of [queryPlan, inputStage, ...(Array.isArray(inputStages) ? inputStages : [])]) {
    yield* stagesOf(inner, namespace, depth + 1);
  }
  if (Array.isArray(shards)) yield* plansIn(shards, depth + 1);
}

const ACCESSES: Readonly<Record<string, Scan['access']>> = {
  COLLSCAN: 'full',
  IXSCAN: 'index',
  IDHACK: 'index',
  CLUSTERED_IXSCAN: 'index',
  EXPRESS_IXSCAN: 'index',
  EXPRESS_CLUSTERED_IXSCAN: 'index',
  COUNT_SCAN: 'index',
  DISTINCT_SCAN: 'index',
  TEXT_MATCH: 'index',
  GEO_NEAR_2D: 'index',
  GEO_NEAR_2DSPHERE: 'index',
  // What the server counts is what it knows without reading.
  RECORD_STORE_FAST_COUNT: 'other',
};

/** `database.collection`; a collection's name may hold dots. */
const collection = (namespace: string) => ({ schema: null, name: namespace.slice(namespace.indexOf('.') + 1) });
