/**
 * node main.ts [--json FILE] [--only start-up,guard,planner,select-one,rows] [--rows N] [--check]
 *
 * Measures Custard beside references in the same run, against the PostgreSQL that BENCH_POSTGRES_URL
 * names. Figures that miss their target are marked; with --check they make the exit status 1.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Figure, figuresTable, isMet } from './figures.ts';
import { describeMachine } from './machine.ts';
import { measureGuard } from './measure-guard.ts';
import { measurePlanner } from './measure-planner.ts';
import { measureRows } from './measure-rows.ts';
import { measureSelectOne } from './measure-select-one.ts';
import { measureStartUp } from './measure-start-up.ts';
import { startStack } from './stack.ts';

const SECTIONS = ['start-up', 'guard', 'planner', 'select-one', 'rows'] as const;

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string', default: SECTIONS.join(',') },
    rows: { type: 'string', default: '1000000' },
    check: { type: 'boolean', default: false },
  },
});
const postgresUrl = process.env['BENCH_POSTGRES_URL'];
if (postgresUrl === undefined) throw new Error('Run scripts/bench, which starts the PostgreSQL to measure with.');

const figures = await measure(postgresUrl, new Set(options.only.split(',')));
const machine = await describeMachine(postgresUrl);
console.log(figuresTable(figures));
console.log(
  `\n${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB; ${machine.system}; Node.js ${machine.node}; PostgreSQL ${machine.postgres}`,
);
if (options.json !== undefined) {
  const report = {
    measured_at: new Date().toISOString(),
    machine,
    figures: figures.map((f) => ({ ...f, met: isMet(f) })),
  };
  writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
}
if (options.check && !figures.every(isMet)) process.exitCode = 1;

async function measure(url: string, sections: ReadonlySet<string>): Promise<Figure[]> {
  const measured: Figure[] = [];
  if (sections.has('start-up')) measured.push(...(await measureStartUp()));
  if (sections.has('guard')) measured.push(...(await measureGuard()));
  if (sections.has('planner')) measured.push(...(await measurePlanner()));
  if (sections.has('select-one') || sections.has('rows')) {
    await using stack = await startStack(url);
    if (sections.has('select-one')) measured.push(...(await measureSelectOne(url, stack)));
    if (sections.has('rows'))
      measured.push(...(await measureRows({ postgresUrl: url, stack, rows: Number(options.rows) })));
  }
  return measured;
}
