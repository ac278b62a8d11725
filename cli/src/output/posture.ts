import type { Grade, Posture, PostureFinding } from '#core/posture.ts';
import { safe } from './safe.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

const SIGNS = {
  info: { colour: 'dim', sign: '·' },
  warn: { colour: 'yellow', sign: '!' },
  bad: { colour: 'red', sign: '✗' },
} as const;

const GRADE_LINES = {
  good: { colour: 'green', sign: '✓', means: 'it can read and nothing else' },
  acceptable: { colour: 'yellow', sign: '!', means: 'it could do a little more than read' },
  bad: { colour: 'red', sign: '✗', means: 'it could do much more than read' },
} as const satisfies Record<Grade, unknown>;

interface TextOptions {
  /** Of the terminal. */
  readonly columns: number;
  readonly style: Style;
}

/** In words, without a sign, for a line among others. */
export const gradeWords = (grade: Grade): string => `${grade}, ${GRADE_LINES[grade].means}`;

/** For people: the grade, then each finding with what to do about it. */
export function postureText({ grade, findings }: Posture, { columns, style }: TextOptions): string {
  const { colour, sign, means } = GRADE_LINES[grade];
  const [first = '', ...rest] = wrap(`${sign} ${grade}: ${means}`, columns);
  const head = [style(colour, first), ...rest.map((line) => `  ${line}`)];
  return `${[...head, ...findings.flatMap((finding) => findingLines(finding, { columns, style }))].join('\n')}\n`;
}

function findingLines({ severity, message, hint }: PostureFinding, { columns, style }: TextOptions): string[] {
  const { colour, sign } = SIGNS[severity];
  const mark = `  ${sign} ${severity.padEnd('warn'.length)}  `;
  const indent = ' '.repeat(mark.length);
  const width = columns - mark.length;
  const [first = '', ...rest] = wrap(safe(message), width);
  return [
    `${style(colour, mark)}${first}`,
    ...rest.map((line) => indent + line),
    ...wrap(safe(hint), width).map((line) => indent + style('dim', line)),
  ];
}
