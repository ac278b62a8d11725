/** What was measured, and how it is told. */
export interface Figure {
  readonly section: string;
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** What it has to be; null for what is measured to compare with. */
  readonly target: Target | null;
}

type Unit = 'ms' | 's' | 'MiB' | 'per second' | 'times' | 'count' | '%';
type Target = { readonly atMost: number } | { readonly atLeast: number } | { readonly below: number };

const DIGITS: Readonly<Record<Unit, number>> = { ms: 2, s: 2, MiB: 1, 'per second': 0, times: 2, count: 0, '%': 2 };
const SIGN: Readonly<Record<Unit, string>> = {
  ms: ' ms',
  s: ' s',
  MiB: ' MiB',
  'per second': ' /s',
  times: ' ×',
  count: '',
  '%': ' %',
};

export function isMet({ value, target }: Figure): boolean {
  if (target === null) return true;
  if ('atMost' in target) return value <= target.atMost;
  return 'below' in target ? value < target.below : value >= target.atLeast;
}

function targetText(target: Target | null): string {
  if (target === null) return '';
  if ('atMost' in target) return `≤ ${target.atMost}`;
  return 'below' in target ? `< ${target.below}` : `≥ ${target.atLeast}`;
}

/** A table for people, section by section; a figure that misses its target is marked `OVER` or `UNDER`. */
export function figuresTable(figures: readonly Figure[]): string {
  const lines: string[] = [];
  let section = '';
  for (const figure of figures) {
    if (figure.section !== section) lines.push('', figure.section);
    section = figure.section;
    const value = `${figure.value.toFixed(DIGITS[figure.unit])}${SIGN[figure.unit]}`;
    lines.push(
      `  ${figure.name.padEnd(52)}${value.padStart(12)}  ${targetText(figure.target).padEnd(8)} ${verdict(figure)}`.trimEnd(),
    );
  }
  return lines.join('\n');
}

function verdict(figure: Figure): string {
  if (figure.target === null) return '';
  if (isMet(figure)) return 'ok';
  return 'atLeast' in figure.target ? 'UNDER' : 'OVER';
}
