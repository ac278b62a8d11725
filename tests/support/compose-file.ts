import { parse } from 'yaml';
import { z } from 'zod';

/**
 * The part of the Compose specification that our files use, strictly: a key that this does not know would be
 * one that the tests do not run.
 */
const Condition = z.enum(['service_started', 'service_healthy', 'service_completed_successfully']);

const Service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.literal('.'), target: z.string() }).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string().regex(/^[^:]+:\/[^:]+(:ro)?$/)).default([]),
  networks: z.array(z.string()).default([]),
  network_mode: z.enum(['none', 'host']).optional(),
  ports: z.array(z.string()).default([]),
  user: z.string().optional(),
  read_only: z.boolean().default(false),
  tmpfs: z.array(z.string()).default([]),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.literal('no-new-privileges:true')).default([]),
  pids_limit: z.number().optional(),
  mem_limit: z.string().optional(),
  shm_size: z.string().optional(),
  restart: z.enum(['no', 'unless-stopped']).default('no'),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .default('10s'),
  healthcheck: z
    .strictObject({
      disable: z.boolean().optional(),
      test: z.tuple([z.literal('CMD')], z.string()).optional(),
      interval: z.string().optional(),
      timeout: z.string().optional(),
      retries: z.number().optional(),
    })
    .optional(),
  profiles: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.strictObject({ condition: Condition })).default({}),
});
export type Service = z.infer<typeof Service>;

const ComposeFile = z
  .object({
    name: z.string().optional(),
    services: z.record(z.string(), Service),
    volumes: z.record(z.string(), z.null()).default({}),
    networks: z.record(z.string(), z.strictObject({ internal: z.boolean() }).nullable()).default({}),
  })
  .catchall(z.unknown());
export type ComposeFile = z.infer<typeof ComposeFile>;

/** With no variable set, as a fresh clone has it: `${NAME:-default}` is the default. */
export function parseComposeFile(text: string): ComposeFile {
  const file = ComposeFile.parse(interpolated(parse(text, { merge: true })));
  for (const key of Object.keys(file)) {
    if (!/^(name|services|volumes|networks|x-.*)$/.test(key)) throw new Error(`Unknown: ${key}`);
  }
  return file;
}

/** `$$` is how a Compose file says `$`. */
function interpolated(node: unknown): unknown {
  if (typeof node === 'string')
    return node.replaceAll(/\$(\$|\{\w+:-([^}]*)\})/g, (_, form, value) => (form === '$' ? '$' : value));
  if (Array.isArray(node)) return node.map(interpolated);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, interpolated(value)]));
}

/** What `podman run` is told for what the file says; networks aside, as containers here share the machine's. */
export function podmanOptions(service: Service, volumeName: (source: string) => string): string[] {
  const each = (option: string, values: readonly string[]): string[] => values.flatMap((value) => [option, value]);
  const optional = (option: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [option, String(value)];
  return [
    ...(service.read_only ? ['--read-only', '--read-only-tmpfs=false'] : []),
    ...optional('--user', service.user),
    ...each('--tmpfs', service.tmpfs),
    ...each('--cap-drop', service.cap_drop),
    ...each('--cap-add', service.cap_add),
    ...each(
      '--security-opt',
      service.security_opt.map((option) => option.replace(':true', '')),
    ),
    ...optional('--pids-limit', service.pids_limit),
    ...optional('--memory', service.mem_limit),
    ...optional('--stop-timeout', Number.parseInt(service.stop_grace_period, 10)),
    ...optional('--network', service.network_mode),
    ...(service.healthcheck?.disable ? ['--no-healthcheck'] : []),
    ...each(
      '--env',
      Object.entries(service.environment).map(([name, value]) => `${name}=${value}`),
    ),
    ...each(
      '--volume',
      service.volumes.map((volume) => volume.replace(/^[^:]+/, volumeName)),
    ),
    ...(service.entrypoint === undefined ? [] : ['--entrypoint', JSON.stringify(service.entrypoint)]),
  ];
}
