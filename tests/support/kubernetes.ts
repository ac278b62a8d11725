import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

/**
 * The part of the Kubernetes API (v1 and apps/v1, as of 1.34) that our manifests use, strictly: a field at the wrong
 * place or of the wrong type is refused, as `kubectl apply --validate=strict` does.
 */
const Name = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const Metadata = z.strictObject({ name: Name });
const Quantity = z.string().regex(/^\d+(m|Mi|Gi)?$/);
const Quantities = z.strictObject({ cpu: Quantity.optional(), memory: Quantity.optional() });

const Probe = z.strictObject({
  exec: z.strictObject({ command: z.array(z.string()) }),
  initialDelaySeconds: z.int().optional(),
  periodSeconds: z.int().optional(),
  timeoutSeconds: z.int().optional(),
  failureThreshold: z.int().optional(),
});

const Container = z.strictObject({
  name: Name,
  image: z.string(),
  imagePullPolicy: z.enum(['IfNotPresent', 'Always', 'Never']),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.boolean(),
    readOnlyRootFilesystem: z.boolean(),
    capabilities: z.strictObject({ drop: z.array(z.string()) }),
  }),
  resources: z.strictObject({ requests: Quantities, limits: Quantities }),
  readinessProbe: Probe,
  livenessProbe: Probe,
  volumeMounts: z.array(z.strictObject({ name: Name, mountPath: z.string(), readOnly: z.boolean().optional() })),
});

const Volume = z.union([
  z.strictObject({ name: Name, emptyDir: z.strictObject({ medium: z.literal('Memory'), sizeLimit: Quantity }) }),
  z.strictObject({
    name: Name,
    secret: z.strictObject({ secretName: Name, defaultMode: z.int().max(0o777), optional: z.boolean() }),
  }),
  z.strictObject({
    name: Name,
    persistentVolumeClaim: z.strictObject({ claimName: z.string(), readOnly: z.boolean() }),
  }),
]);

const PodSpec = z.strictObject({
  automountServiceAccountToken: z.boolean(),
  enableServiceLinks: z.boolean(),
  terminationGracePeriodSeconds: z.int(),
  securityContext: z.strictObject({
    runAsNonRoot: z.boolean(),
    runAsUser: z.int(),
    runAsGroup: z.int(),
    fsGroup: z.int(),
    seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
  }),
  containers: z.tuple([Container]),
  volumes: z.array(Volume),
});

const Secret = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Secret'),
  metadata: Metadata,
  stringData: z.record(z.string().regex(/^[-._a-zA-Z0-9]+$/), z.string()),
});

const labels = z.record(z.string(), z.string());
const Deployment = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata: Metadata,
  spec: z.strictObject({
    replicas: z.int(),
    selector: z.strictObject({ matchLabels: labels }),
    template: z.strictObject({ metadata: z.strictObject({ labels }), spec: PodSpec }),
  }),
});

/** Throws where it is not a Secret and a Deployment that uses it, or where what is mounted is not there. */
export function parseManifests(text: string) {
  const [secret, deployment] = z
    .tuple([Secret, Deployment])
    .parse(parseAllDocuments(text).map((document) => document.toJS()));
  const { selector, template } = deployment.spec;
  if (selector.matchLabels['app'] !== template.metadata.labels['app']) throw new Error('The selector finds no pod.');
  const volumes = template.spec.volumes.map(({ name }) => name).sort();
  const mounts = template.spec.containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name)).sort();
  if (volumes.join() !== mounts.join()) throw new Error(`Volumes ${volumes}, mounts ${mounts}`);
  for (const volume of template.spec.volumes) {
    if ('secret' in volume && volume.secret.secretName !== secret.metadata.name) throw new Error('Another secret.');
  }
  return { secret, deployment };
}
