/**
 * node main.ts [--json FILE] [--only start-up,guard,select-one,rows,schema,engines] [--rows N] [--engines postgresql,mariadb,sqlite,duckdb] [--check]
 *
 * Measures Custard beside references in the same run, against the servers that BENCH_POSTGRES_URL
 * and BENCH_MARIADB_URL name. Figures that miss their target are marked; with --check they make the exit status 1.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Figure, figuresTable, isMet } from './figures.ts';
import { describeMachine } from './machine.ts';
import { measureEngines } from './measure-engines.ts';
import { measureGuard } from './measure-guard.ts';
import { measureRows } from './measure-rows.ts';
import { measureSchema } from './measure-schema.ts';
import { measureSelectOne } from './measure-select-one.ts';
import { measureStartUp } from './measure-start-up.ts';
import { startStack } from './stack.ts';

const SECTIONS = ['start-up', 'guard', 'select-one', 'rows', 'schema', 'engines'] as const;
/** What the schema's figures are about. */
const CATALOG = { tables: 5_000, columns: 20 };

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string', default: SECTIONS.join(',') },
    rows: { type: 'string', default: '1000000' },
    engines: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});
const postgresUrl = serverUrl('BENCH_POSTGRES_URL');

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
  if (sections.has('select-one') || sections.has('rows')) {
    await using stack = await startStack(url);
    if (sections.has('select-one')) measured.push(...(await measureSelectOne(url, stack)));
    if (sections.has('rows'))
      measured.push(...(await measureRows({ postgresUrl: url, stack, rows: Number(options.rows) })));
  }
  const servers = { postgresUrl: url, mariadbUrl: serverUrl('BENCH_MARIADB_URL'), engines: engines() };
  if (sections.has('schema')) measured.push(...(await measureSchema({ ...CATALOG, ...servers })));
  if (sections.has('engines')) measured.push(...(await measureEngines({ ...servers, rows: Number(options.rows) })));
  return measured;
}

function serverUrl(name: string): string {
  const url = process.env[name];
  if (url === undefined) throw new Error('Run scripts/bench, which starts the servers to measure with.');
  return url;
}

/** Those that --engines names, in lower case; all of them without it. */
function engines(): ReadonlySet<string> | null {
  return options.engines === undefined ? null : new Set(options.engines.split(','));
}
