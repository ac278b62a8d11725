import { HEALTH_TOLD_EVERY_MS } from '#core/protocol/limits.ts';
import type { AgentHealth } from '#core/protocol/messages.ts';
import type { AgentVitals } from '../health/agent-vitals.ts';

interface HealthReportOptions {
  readonly vitals: Pick<AgentVitals, 'health' | 'listen'>;
  readonly send: (health: AgentHealth) => void;
}

/** Tells one control plane how the agent is: changes of the database at once, how busy it is at most once a second. */
export class HealthReport {
  readonly #options: HealthReportOptions;
  readonly #forget: () => void;
  #timer: NodeJS.Timeout | null = null;
  #told = Number.NEGATIVE_INFINITY;

  constructor(options: HealthReportOptions) {
    this.#options = options;
    this.#forget = options.vitals.listen((what) => (what === 'database' ? this.#tell() : this.#tellSoon()));
    this.#tell();
  }

  stop(): void {
    this.#forget();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #tellSoon(): void {
    const wait = this.#told + HEALTH_TOLD_EVERY_MS - performance.now();
    if (wait <= 0) this.#tell();
    else this.#timer ??= setTimeout(() => this.#tell(), wait).unref();
  }

  #tell(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#told = performance.now();
    this.#options.send(this.#options.vitals.health());
  }
}
