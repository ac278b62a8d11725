import type { Engine } from '../engine.ts';
import { CASES, type CaseId } from './cases.ts';

/** Engine by case, in Markdown: what passes, and below it why a case is absent. */
export function contractTable(engines: readonly Pick<Engine, 'name' | 'absent'>[]): string {
  const reasons: string[] = [];
  const mark = ({ absent }: Pick<Engine, 'absent'>, id: CaseId): string => {
    const reason = absent?.[id];
    if (reason === undefined) return '✓';
    if (!reasons.includes(reason)) reasons.push(reason);
    return `– [${reasons.indexOf(reason) + 1}]`;
  };
  const rows = (Object.keys(CASES) as CaseId[]).map((id) => [CASES[id], ...engines.map((engine) => mark(engine, id))]);
  const lines = [['case', ...engines.map(({ name }) => name)], ['---', ...engines.map(() => '---')], ...rows];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `${table}\n\n${reasons.map((reason, index) => `${index + 1}. ${reason}`).join('\n')}\n`;
}
