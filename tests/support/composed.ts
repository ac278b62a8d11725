import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { type ComposeFile, podmanOptions, type Service } from './compose-file.ts';
import type { Podman } from './podman.ts';

interface ComposedOptions {
  readonly podman: Podman;
  readonly file: ComposeFile;
  /** The file's own, which its paths are relative to. */
  readonly folder?: string;
  /** Services that something else stands in for: its own set-up is run where theirs would start. */
  readonly standIns?: Readonly<Record<string, () => Promise<void>>>;
  /** What differs as all containers share the machine's network: by service, on top of its environment. */
  readonly environment?: Readonly<Record<string, () => Record<string, string>>>;
}

/** Runs a Compose file's services with podman, in the order and under the conditions that it says. */
export class Composed {
  readonly #options: ComposedOptions;
  readonly #prefix = `custard_${randomBytes(4).toString('hex')}`;

  constructor(options: ComposedOptions) {
    this.#options = options;
  }

  container(service: string): string {
    return `${this.#prefix}-${service}`;
  }

  /** `docker compose up --detach --wait`. */
  async up(): Promise<void> {
    const { services } = this.#options.file;
    const started = new Set<string>();
    const start = async (name: string): Promise<void> => {
      if (started.has(name)) return;
      started.add(name);
      const { depends_on: needs } = this.#service(name);
      for (const [needed, { condition }] of Object.entries(needs)) {
        await start(needed);
        await this.#wait(needed, condition);
      }
      await this.#start(name);
    };
    for (const [name, { profiles }] of Object.entries(services)) if (profiles.length === 0) await start(name);
    for (const name of started) if (this.#service(name).restart !== 'no') await this.#wait(name, 'service_healthy');
  }

  /** `docker compose run --rm SERVICE ARGS`, in podman's words. */
  runArguments(service: string, args: readonly string[]): string[] {
    return ['run', '--rm', ...this.#arguments(service), ...args];
  }

  async #start(name: string): Promise<void> {
    const standIn = this.#options.standIns?.[name];
    if (standIn !== undefined) return await standIn();
    const { restart } = this.#service(name);
    const container = this.container(name);
    await this.#options.podman.run([
      'run',
      '--detach',
      '--name',
      container,
      '--restart',
      restart,
      ...this.#arguments(name),
    ]);
  }

  #arguments(name: string): string[] {
    const service = this.#service(name);
    const environment = { ...service.environment, ...this.#options.environment?.[name]?.() };
    const hosts = service.network_mode === 'none' ? [] : Object.keys(this.#options.file.services);
    return [
      ...hosts.map((host) => `--add-host=${host}:127.0.0.1`),
      ...podmanOptions({ ...service, environment }, (volume) => this.volume(volume)),
      service.image,
    ];
  }

  /** A path stays one; a name is the file's own. */
  volume(source: string): string {
    if (/^[./]/.test(source)) return resolve(this.#options.folder ?? '.', source);
    if (!(source in this.#options.file.volumes)) throw new Error(`The file has no volume ${source}.`);
    return `${this.#prefix}_${source}`;
  }

  async #wait(name: string, condition: string): Promise<void> {
    const { podman, standIns } = this.#options;
    if (standIns?.[name] !== undefined) return;
    const container = this.container(name);
    if (condition === 'service_completed_successfully') {
      const status = await podman.run(['wait', container]);
      const { stdout, stderr } = await podman.try(['logs', container]);
      if (status !== '0') throw new Error(`${name} ended with ${status}:\n${stdout}${stderr}`);
    } else {
      await podman.until('healthy', container, () => podman.isHealthy(container));
    }
  }

  #service(name: string): Service {
    const service = this.#options.file.services[name];
    if (service === undefined) throw new Error(`The file has no service ${name}.`);
    return service;
  }
}
