/**
 * Stages that are never a read of the documents asked for, and why. Source: the manual of MongoDB 8.3,
 * reference/operator/aggregation-pipeline; what is neither here nor among the stages of stages.ts is refused as unknown.
 */
export const WRITING_STAGES: ReadonlyMap<string, string> = new Map([
  ['$out', 'writes its documents into a collection'],
  ['$merge', 'writes its documents into a collection'],
]);

export const REFUSED_STAGES: ReadonlyMap<string, string> = new Map([
  ['$changeStream', 'waits for changes without end'],
  ['$changeStreamSplitLargeEvent', 'belongs to $changeStream'],
  ['$collStats', 'shows the server’s statistics, not documents'],
  ['$currentOp', 'shows what others are running'],
  ['$indexStats', 'shows the server’s statistics, not documents'],
  ['$listClusterCatalog', 'lists the collections of the cluster'],
  ['$listLocalSessions', 'shows the sessions of others'],
  ['$listSampledQueries', 'shows the queries of others'],
  ['$listSearchIndexes', 'shows definitions, not documents'],
  ['$listSessions', 'shows the sessions of others'],
  ['$planCacheStats', 'shows the queries of others'],
  ['$querySettings', 'shows the server’s settings'],
  ['$queryStats', 'shows the queries of others'],
  ['$rerank', 'sends documents to a model'],
  ['$shardedDataDistribution', 'shows the server’s statistics, not documents'],
]);

/** What stands in the body of a search: its options and operators at the top, which hold data only. */
export const SEARCH_OPTIONS = `
  autocomplete compound concurrent count embeddedDocument equals exists facet geoShape geoWithin hasAncestor hasRoot
  highlight in index moreLikeThis near phrase queryString range regex returnScope returnStoredSource scoreDetails
  searchAfter searchBefore sort span term text tracking vectorSearch wildcard
`;
export const VECTOR_OPTIONS = `
  exact filter index limit model nestedOptions numCandidates parentFilter path query queryVector returnStoredSource
  scoreMode
`;
