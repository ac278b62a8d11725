import { inWords } from './duration.ts';
import { safe } from './safe.ts';
import { wrap } from './wrap.ts';

/** As local/agent/check-one-agent.ts finds it. */
interface ShownCheck {
  readonly engine: { readonly dialect: string; readonly version: string };
  readonly schema: {
    readonly schemas: number;
    readonly tables: number;
    readonly views: number;
    readonly columns: number;
    readonly notReadable: number;
  };
  readonly transport: {
    readonly isLocal: boolean;
    readonly encryption: 'none' | 'unverified' | 'verified';
    readonly protocol: string | null;
    readonly cipher: string | null;
  } | null;
  readonly limits: {
    readonly caps: { readonly rows: number; readonly bytes: number; readonly timeoutMs: number };
    readonly concurrency: {
      readonly statements: number;
      readonly waiting: number;
      readonly waitMs: number;
      readonly sessions: number;
    };
  };
  readonly policyFile: string | null;
}

/** What the agent would run with, a line each; the role's posture has lines of its own. */
export function agentCheckText(check: ShownCheck, { columns }: { readonly columns: number }): string {
  const { engine, limits } = check;
  const { caps, concurrency } = limits;
  const facts: readonly (readonly [string, string])[] = [
    ['server', `${engine.dialect} ${engine.version}`],
    ['way', transportWords(check.transport)],
    ['schema', schemaWords(check.schema)],
    ['limits', `${caps.rows} rows, ${bytesWords(caps.bytes)}, ${inWords(caps.timeoutMs)} a statement`],
    [
      'at once',
      `${concurrency.statements} statements, ${concurrency.waiting} more may wait ${inWords(concurrency.waitMs)}; ${concurrency.sessions} sessions`,
    ],
    ['policy', check.policyFile ?? 'none: all that the role may read'],
  ];
  return `${facts.flatMap(([name, text]) => factLines(name, text, columns)).join('\n')}\n`;
}

const INDENT = 9;

function factLines(name: string, text: string, columns: number): string[] {
  const [first = '', ...rest] = wrap(safe(text), columns - INDENT);
  return [`${name.padEnd(INDENT)}${first}`, ...rest.map((line) => ' '.repeat(INDENT) + line)];
}

function transportWords(transport: ShownCheck['transport']): string {
  if (transport === null) return 'this connector does not tell how it is protected';
  const { isLocal, encryption, protocol, cipher } = transport;
  if (encryption === 'none') return isLocal ? 'on this machine, not encrypted' : 'not encrypted';
  const how = ['TLS', protocol, cipher].filter((part) => part !== null).join(', ');
  return `${how}, ${encryption === 'verified' ? 'certificate verified' : 'certificate not verified'}`;
}

function schemaWords({ schemas, tables, views, columns, notReadable }: ShownCheck['schema']): string {
  const counts = [
    ...[counted(schemas, 'schema', 'schemas'), counted(tables, 'table', 'tables')],
    ...[counted(views, 'view', 'views'), counted(columns, 'column', 'columns')],
  ];
  return `${counts.join(', ')}; ${notReadable === 0 ? 'all' : `${notReadable} of them not`} readable`;
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function bytesWords(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && value % 1024 === 0 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value} ${units[unit]}`;
}
