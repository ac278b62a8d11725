import type { Document } from 'mongodb';
import type { Store } from './store.ts';

/** What the server tells of how it would run a command, for the few ways there are here. */
export function explained(store: Store, { explain, $db }: Document): Document {
  const [kind = ''] = Object.keys(explain);
  const { name, pipeline } = throughViews(store, String(explain[kind]), explain['pipeline'] ?? []);
  const [first, ...others] = pipeline;
  const filter: Document = first?.$match ?? explain['filter'] ?? explain['query'] ?? {};
  const winningPlan = planFor(store, name, filter);
  const queryPlanner = { namespace: `${$db}.${name}`, parsedQuery: filter, winningPlan, rejectedPlans: [] };
  const isSimple = kind !== 'aggregate' || pipeline.every((stage) => '$match' in stage || '$project' in stage);
  const said = { command: explain, serverInfo: { host: 'emulator', port: 0 }, ok: 1 };
  if (isSimple) return { explainVersion: '1', queryPlanner, ...said };
  const rest = first?.$match === undefined ? pipeline : others;
  return { explainVersion: '1', stages: [{ $cursor: { queryPlanner } }, ...rest], ...said };
}

function throughViews(
  store: Store,
  name: string,
  pipeline: readonly Document[],
): { name: string; pipeline: Document[] } {
  const view = store.views.get(name);
  return view === undefined
    ? { name, pipeline: [...pipeline] }
    : throughViews(store, view.viewOn, [...view.pipeline, ...pipeline]);
}

function planFor(store: Store, name: string, filter: Document): Document {
  const collection = store.collections.get(name);
  if (collection === undefined) return { stage: 'EOF' };
  const fields = Object.keys(filter);
  if (fields.length === 1 && fields[0] === '_id') return { stage: 'IDHACK' };
  const index = collection.indexes.find(({ key }) => fields.includes(Object.keys(key)[0] ?? ''));
  if (index === undefined) return { stage: 'COLLSCAN', filter, direction: 'forward' };
  return { stage: 'FETCH', inputStage: { stage: 'IXSCAN', keyPattern: index['key'], indexName: index['name'] } };
}
