import type { Explanation, Scan } from '#core/explanation.ts';
import { widthOf } from './cells.ts';
import { envelope } from './envelope.ts';
import type { QueryOutcome } from './result-writer.ts';
import { safe, safeLines } from './safe.ts';
import type { Style } from './style.ts';

/** What a dry run has to show people: the statement, that it may be run, and what the engine expects of it. */
export function planText({ statement, done }: QueryOutcome, style: Style): string {
  const sql = statement === null ? [] : [safeLines(statement.sql), ''];
  const facts = done.explanation ? factsOf(done.explanation) : [];
  if (done.explanation && facts.length === 0) facts.push(['plan', 'the engine tells nothing of this one']);
  const lines = facts.map(([label, text]) => `  ${style('dim', label.padEnd('rows'.length))}  ${text}`);
  return `${[...sql, `${style('green', '✓ allowed')} ${style('dim', '· not run')}`, ...lines].join('\n')}\n`;
}

function factsOf({ rows, cost, scans, omitted }: Explanation): (readonly [string, string])[] {
  const names = scans.map(nameOf);
  const width = Math.max(0, ...names.map(widthOf));
  return [
    ...(rows === null ? [] : [['rows', about(rows)] as const]),
    ...(cost === null ? [] : [['cost', `${grouped(cost.value)} ${safe(cost.unit)}`] as const]),
    ...scans.map(({ access, rows: expected }, index) => {
      const name = names[index] ?? '';
      const found = expected === null ? '' : `${' '.repeat(width - widthOf(name))}  ${about(expected)} rows`;
      return ['scan', `${access.padEnd('index'.length)}  ${name}${found}`] as const;
    }),
    ...(omitted === 0 ? [] : [['', `and ${grouped(omitted)} more`] as const]),
  ];
}

function nameOf({ table }: Scan): string {
  if (table === null) return '(hidden by the policy)';
  return safe(table.schema === null ? table.name : `${table.schema}.${table.name}`);
}

const about = (count: number): string => `about ${grouped(Math.round(count))}`;
const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });

/** One custard.plan/1. */
export function planEnvelope({ start, statement, done }: QueryOutcome): string {
  const { rows, cost, scans, omitted } = done.explanation ?? { rows: null, cost: null, scans: [], omitted: 0 };
  return envelope({
    schema: 'custard.plan/1',
    data: {
      id: start?.id ?? null,
      sql: statement?.sql ?? null,
      connection: start?.connection ?? null,
      verdict: 'allow',
      explained: Boolean(done.explanation),
      ...{ rows, cost, scans, omitted },
      maker: statement?.maker ?? null,
      tables: statement?.tables ?? [],
      assumptions: statement?.assumptions ?? [],
    },
    warnings: done.warnings,
    meta: { elapsed_ms: done.elapsed_ms, request_id: start?.request_id ?? null, model: statement?.model ?? null },
  });
}
