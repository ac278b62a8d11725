import { type AgentPlan, quoted } from './agent-plan.ts';
import { variables } from './settings.ts';

export function shellCommand({ settings }: AgentPlan): string {
  const lines = variables(settings).map(([name, value]) => `${name}=${quoted(value)} \\\n`);
  return `${lines.join('')}custard agent run\n`;
}
