/** Ways to run an agent that a command can be printed for. */
export const AGENT_TARGETS = ['shell', 'docker', 'compose', 'k8s', 'systemd'] as const;
export type AgentTarget = (typeof AGENT_TARGETS)[number];
/** As in core/dialects.ts, which help must not load. */
export const KINDS = ['postgres', 'mysql', 'mariadb', 'snowflake', 'sqlite', 'duckdb', 'mongodb'] as const;
