import type { OutputStream, RunContext } from '../run-context.ts';
import { safe, safeLines } from './safe.ts';
import { type Style, styleFor } from './style.ts';

export interface NarratorOptions {
  readonly stream: OutputStream;
  readonly style: Style;
  /** Steps and notes are for somebody who watches; warnings are for everybody. */
  readonly watched: boolean;
  /** Whether the line may be rewritten in place. */
  readonly animated: boolean;
  /** JSON carries its own warnings. */
  readonly silent: boolean;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** What is told on standard error while a command works. Standard output stays data. */
export class Narrator {
  readonly #options: NarratorOptions;
  #done: string[] = [];
  #current: { readonly name: string; readonly since: number } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isDrawn = false;

  constructor(options: NarratorOptions) {
    this.#options = options;
  }

  get style(): Style {
    return this.#options.style;
  }

  started(name: string): void {
    if (!this.#options.watched) return;
    this.#current = { name: safe(name), since: Date.now() };
    if (!this.#options.animated) return;
    this.#timer ??= setInterval(() => this.#draw(), FRAME_MS).unref();
    this.#draw();
  }

  finished(name: string, elapsedMs: number): void {
    if (!this.#options.watched) return;
    this.#current = null;
    const text = `✓ ${safe(name)} ${seconds(elapsedMs)}`;
    if (!this.#options.animated) this.#line(this.style('dim', text));
    else {
      this.#done.push(text);
      this.#draw();
    }
  }

  /** Takes the progress line away; call before anything else is printed. */
  clear(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    if (this.#isDrawn) this.#options.stream.write(CLEAR_LINE);
    this.#isDrawn = false;
    this.#done = [];
    this.#current = null;
  }

  /** Shows a step for as long as this takes, however it ends. */
  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.started(name);
    try {
      return await work();
    } finally {
      this.clear();
    }
  }

  note(text: string): void {
    if (this.#options.watched) this.#line(this.style('dim', safeLines(text)));
  }

  /** What a flag asks for, whoever watches. */
  tell(text: string): void {
    if (!this.#options.silent) this.#line(this.style('dim', safeLines(text)));
  }

  /** For what a script must be able to see too, like a result that was cut. */
  warn(text: string): void {
    if (!this.#options.silent) this.#line(`${this.style('yellow', 'warning:')} ${safeLines(text)}`);
  }

  #line(text: string): void {
    this.clear();
    this.#options.stream.write(`${text}\n`);
  }

  #draw(): void {
    this.#isDrawn = true;
    const frame = FRAMES[Math.floor(Date.now() / FRAME_MS) % FRAMES.length] ?? '';
    const current =
      this.#current === null ? [] : [`${frame} ${this.#current.name} ${seconds(Date.now() - this.#current.since)}`];
    const line = [...this.#done, ...current].join('  ');
    const room = (this.#options.stream.columns ?? 80) - 1;
    this.#options.stream.write(`${CLEAR_LINE}${this.style('dim', line.length > room ? line.slice(-room) : line)}`);
  }
}

export function createNarrator(
  { stderr, env }: RunContext,
  flags: { readonly json: boolean; readonly quiet: boolean; readonly verbose: boolean; readonly color: boolean },
): Narrator {
  const isTerminal = stderr.isTTY === true && !env['CI'];
  return new Narrator({
    stream: stderr,
    style: styleFor(stderr, flags),
    watched: !flags.json && !flags.quiet && (isTerminal || flags.verbose),
    animated: isTerminal && env['TERM'] !== 'dumb',
    silent: flags.json,
  });
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)}s`;
