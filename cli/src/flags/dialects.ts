/** Dialects that statements can be checked in. As in core/dialects.ts, which help must not load. */
export const CHECKED_DIALECTS = ['postgres', 'mysql', 'mariadb', 'snowflake', 'sqlite', 'duckdb', 'mongodb'] as const;
