import type { Setting } from './settings.ts';

/** What every way to run an agent is made from. */
export interface AgentPlan {
  /** Of the container, the unit or the deployment. */
  readonly name: string;
  readonly version: string;
  readonly settings: readonly Setting[];
  /** Whether the control plane's address means something on its own machine only. */
  readonly sameMachine: boolean;
}

/** As the Dockerfile's `agent` target is built; see docs/containers.md. */
export const imageOf = ({ version }: AgentPlan): string => `custard-agent:${version}`;
export const buildLine = (plan: AgentPlan): string => `docker build --target agent --tag ${imageOf(plan)} .`;

/** Seconds to let running queries finish: the agent's 30 and a little more to close what is open. */
export const STOP_SECONDS = 45;
/** The image's user, by number. */
export const USER = 65_532;
export const HEALTH_COMMAND = ['/usr/local/bin/node', '/app/dist/container/agent-health.js'];

/** For a POSIX shell. */
export const quoted = (text: string): string =>
  /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
