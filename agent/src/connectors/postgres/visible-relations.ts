/** Relations a statement may read, with `c` for pg_class and `n` for pg_namespace; system schemas and temporary tables left out. */
export const VISIBLE_RELATIONS = `
  pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp\\_%'`;
