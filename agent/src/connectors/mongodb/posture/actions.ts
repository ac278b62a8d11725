/**
 * What a role that only reads may be allowed, of the actions that privileges are made of.
 * Source: the manual of MongoDB 8, reference/privilege-actions and reference/built-in-roles (`read`).
 */
export const READING: ReadonlySet<string> = new Set([
  'find',
  'changeStream',
  'collStats',
  'dbHash',
  'dbStats',
  'indexStats',
  'killCursors',
  'listCollections',
  'listDatabases',
  'listIndexes',
  'listSearchIndexes',
  'planCacheRead',
  'planCacheIndexFilter',
  'useUUID',
]);

/** Actions that change nothing, and show what is nobody's business: other people's statements, the server's settings. */
export const WATCHING: ReadonlySet<string> = new Set([
  'checkFreeMonitoringStatus',
  'connPoolStats',
  'getCmdLineOpts',
  'getDefaultRWConcern',
  'getLog',
  'getParameter',
  'getShardMap',
  'getShardVersion',
  'hostInfo',
  'inprog',
  'listCachedAndActiveUsers',
  'listClusterCatalog',
  'listSampledQueries',
  'listSessions',
  'listShards',
  'netstat',
  'operationMetrics',
  'queryStatsRead',
  'replSetGetConfig',
  'replSetGetStatus',
  'serverStatus',
  'shardingState',
  'top',
  'validate',
  'viewRole',
  'viewUser',
]);
